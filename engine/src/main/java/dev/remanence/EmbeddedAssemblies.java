package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.Selection.Chosen;
import dev.remanence.Selection.Source;
import dev.remanence.image.View;
import dev.remanence.journal.Body;
import dev.remanence.journal.VectorTable;
import dev.remanence.life.Changes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The assemblies of a scope of a store that this process owns.
///
/// An assembly is a memory under the key `assembly:NAME` whose text is the name and the
/// description, with a link of type `member` to each member: docs/assemblies.md. What depends on
/// the state - is it there, are the members, is there room - is decided on the writer's thread.
/// Without state.
final class EmbeddedAssemblies implements Assemblies {
  private final EmbeddedStore store;
  private final OwnedStore own;
  private final String scope;

  EmbeddedAssemblies(EmbeddedStore store, OwnedStore own, String scope) {
    this.store = store;
    this.own = own;
    this.scope = scope;
  }

  // Writing

  @Override
  public Remembered put(AssemblyDraft draft) {
    store.access.may(Verb.WRITE, scope);
    var key = Assembly.key(draft.name);
    var members = draft.members == null ? null : distinct(draft.members);
    if (members != null) {
      Assembly.requireRoom(members.size());
      members.forEach(member -> store.access.may(Verb.READ, member));
    }
    var text = Assembly.text(draft.name, draft.description);
    var fresh = store.remembering.wish(draft.memory());
    var computed = draft.description != null || isNew(key) ? embed(text) : null;
    var outcome =
        store.writing.write(
            512 + text.length(),
            (changes, _) -> {
              var found = changes.under(scope, key);
              requireMembers(changes, members, found);
              var put =
                  found == null
                      ? changes.remember(scope, fresh)
                      : changed(changes, found, draft, text, members);
              changes.keepVectors(computed);
              return put;
            });
    own.changed(outcome.id());
    if (computed == null) {
      own.meaning.later();
    }
    return outcome;
  }

  /// What is told, in place of what is there; no revision where nothing is told.
  private static Remembered changed(
      Changes changes,
      Changes.Found found,
      AssemblyDraft draft,
      String text,
      @Nullable Collection<UUID> members)
      throws SQLException {
    var patch = new Patch();
    boolean told = false;
    if (draft.description != null) {
      patch.text(text);
      told = true;
    }
    if (members != null) {
      patch.links(AssemblyDraft.links(found.value().attributes().links(), members));
      told = true;
    }
    if (draft.tags != null) {
      patch.tags(AssemblyDraft.withTag(draft.tags));
      told = true;
    }
    if (draft.metadata != null) {
      patch.metadata(draft.metadata);
      told = true;
    }
    if (draft.importance != null) {
      patch.importance(draft.importance);
      told = true;
    }
    if (draft.pinned != null) {
      patch.pinned(draft.pinned);
      told = true;
    }
    int revision =
        told
            ? changes.revise(found.id(), Wishes.of(patch), AsOf.MAIN, null, null).revision()
            : found.revision();
    return new Remembered(
        found.id(), revision, Remembered.Outcome.REVISED, List.of(), List.of(), true);
  }

  private boolean isNew(String key) {
    return own.journal.read(reader -> {
      long number = reader.scope(scope);
      return number == 0 || reader.keyHolder(number, key) == null;
    });
  }

  private VectorTable.@Nullable Computed embed(String text) {
    var content = new Body.Content(text, null, null, null);
    var vectors = own.meaning.embed(List.of(new Meaning.Text(content, null)));
    return vectors == null ? null : vectors.getFirst();
  }

  @Override
  public Written add(String name, Collection<UUID> members) {
    store.access.may(Verb.WRITE, scope);
    var key = Assembly.key(name);
    var added = distinct(members);
    Assembly.requireRoom(added.size());
    added.forEach(member -> store.access.may(Verb.READ, member));
    var written =
        store.writing.write(
            512 + 32 * added.size(),
            (changes, _) -> {
              var found = require(changes, name, key);
              requireMembers(changes, added, found);
              var before = found.value().attributes().links();
              var links = new LinkedHashSet<>(before);
              added.forEach(member -> links.add(new Link(Assembly.LINK, member)));
              if (links.size() > Limits.LINKS_MAX) {
                dropGone(changes, links);
              }
              Assembly.requireRoom(links.size());
              return changes.relink(found.id(), Change.LINK, List.copyOf(links));
            });
    own.changed(written.id());
    return written;
  }

  /// Members that are forgotten, erased or expired keep their place, since they may come back,
  /// until somebody needs it.
  private static void dropGone(Changes changes, Collection<Link> links) throws SQLException {
    for (var link : List.copyOf(links)) {
      if (link.type().equals(Assembly.LINK) && !changes.isCurrent(link.to())) {
        links.remove(link);
      }
    }
  }

  @Override
  public Written remove(String name, Collection<UUID> members) {
    store.access.may(Verb.WRITE, scope);
    var key = Assembly.key(name);
    var removed = distinct(members);
    var written =
        store.writing.write(
            512,
            (changes, _) -> {
              var found = require(changes, name, key);
              var links = new LinkedHashSet<>(found.value().attributes().links());
              for (var member : removed) {
                if (!links.remove(new Link(Assembly.LINK, member))) {
                  throw new NotFound(
                      "the assembly has no such member; nothing was removed",
                      "assembly",
                      name,
                      "id",
                      member.toString());
                }
              }
              return changes.relink(found.id(), Change.UNLINK, List.copyOf(links));
            });
    own.changed(written.id());
    return written;
  }

  @Override
  public void forget(String name, @Nullable String reason) {
    store.access.may(Verb.WRITE, scope);
    Limits.optionalText("reason", reason, Limits.MESSAGE_CHARS_MAX);
    var key = Assembly.key(name);
    var id =
        store.writing.write(
            256,
            (changes, _) -> {
              var found = require(changes, name, key);
              changes.forget(found.id(), reason);
              return found.id();
            });
    own.changed(id);
  }

  private Changes.Found require(Changes changes, String name, String key) throws SQLException {
    var found = changes.under(scope, key);
    if (found == null) {
      throw new NotFound(
          "there is no assembly of this name in " + scope, "assembly", name, "scope", scope);
    }
    return found;
  }

  private static void requireMembers(
      Changes changes, @Nullable Collection<UUID> members, Changes.@Nullable Found assembly)
      throws SQLException {
    for (var member : members == null ? List.<UUID>of() : members) {
      if (assembly != null && member.equals(assembly.id())) {
        throw new InvalidInput(
            "an assembly is no member of itself", "field", "members", "id", member.toString());
      }
      if (!changes.isCurrent(member)) {
        throw Reading.notFound(member);
      }
    }
  }

  private static List<UUID> distinct(Collection<UUID> ids) {
    return List.copyOf(new LinkedHashSet<>(ids));
  }

  // Reading

  @Override
  public Assembly get(String name, AsOf asOf) {
    var memory = store.get(scope, Assembly.key(name), asOf);
    return asOf.equals(AsOf.NOW)
        ? current(memory)
        : Assembly.of(memory, seen(memory, asOf).stream().map(Memory::id).toList());
  }

  @Override
  public List<Memory> members(String name, AsOf asOf) {
    var memory = store.get(scope, Assembly.key(name), asOf);
    return seen(memory, asOf);
  }

  /// The members as they are, or were, at a moment: of each the main branch, whatever the
  /// assembly's.
  private List<Memory> seen(Memory assembly, AsOf asOf) {
    var visible = Composites.members(assembly.links()).stream().filter(store.access::sees).toList();
    return own.journal.readConsistently(reader -> {
      var members = new ArrayList<Memory>();
      for (var id : visible) {
        try {
          members.add(own.reading.at(reader, id, asOf.branch(AsOf.MAIN)));
        } catch (NotFound _) {
          // Forgotten, erased, expired, or not known or not true then: no member at that moment.
        }
      }
      return members;
    });
  }

  private Assembly current(Memory memory) {
    return Assembly.of(memory, own.composites.of(memory.id(), own.wall.millis()).members());
  }

  @Override
  public List<Assembly.Composite> composites(String name) {
    var memory = store.get(scope, Assembly.key(name), AsOf.NOW);
    return own.composites.of(memory.id(), own.wall.millis()).composites();
  }

  @Override
  public Assembly.Page list(Listing listing) {
    var page = store.list(scope, listing.filter(assembliesAmong(listing.filter())));
    return new Assembly.Page(page.memories().stream().map(this::current).toList(), page.cursor());
  }

  private static Filter assembliesAmong(Filter filter) {
    var prefix = filter.keyPrefix();
    if (prefix == null || Assembly.KEY_PREFIX.startsWith(prefix)) {
      return filter.withKeyPrefix(Assembly.KEY_PREFIX);
    }
    if (!Assembly.isOne(prefix)) {
      throw new InvalidInput(
          "the keys of assemblies begin with " + Assembly.KEY_PREFIX + ": none can match",
          "field",
          "filter.key.prefix");
    }
    return filter;
  }

  // Nearness

  /// An assembly's row among those that were looked at, and how near it is.
  private record Ranked(Source source, int row, double cosine) {}

  @Override
  public List<Assembly.Near> similar(Similar question) {
    var filter = assembliesAmong(question.filter());
    var moment = View.Moment.now(own.wall.millis());
    long nowMillis = moment.expiresAfter();
    if (question.id() != null) {
      store.access.may(Verb.READ, question.id());
    }
    var asked = vectors(question, nowMillis);
    var ranked = new ArrayList<Ranked>();
    var dimensions = new TreeSet<Integer>();
    for (var source : store.access.sources(scope, question.inherit(), false)) {
      for (var each : assemblies(source, moment, filter).entrySet()) {
        var known = own.composites.of(each.getKey(), nowMillis).composites();
        known.stream()
            .filter(composite -> composite.model().equals(View.GIVEN))
            .forEach(composite -> dimensions.add(composite.vector().length));
        var cosine = each.getKey().equals(question.id()) ? null : nearest(asked, known);
        if (cosine != null && cosine >= question.threshold()) {
          ranked.add(new Ranked(source, each.getValue(), cosine));
        }
      }
    }
    Recalling.requireDimension(question.vector(), dimensions);
    ranked.sort(Comparator.comparingDouble(Ranked::cosine).reversed());
    return near(ranked.subList(0, Math.min(question.limit(), ranked.size())));
  }

  /// What stands for the question in each model: of an assembly the composite vectors, if it has
  /// any.
  private Map<String, List<float[]>> vectors(Similar question, long nowMillis) {
    var composed =
        question.id() == null
            ? List.<Assembly.Composite>of()
            : own.composites.of(question.id(), nowMillis).composites();
    if (composed.isEmpty()) {
      var views = store.access.sources(scope, question.inherit(), false).stream().map(Source::view);
      return own.recalling.vectors(question, views.toList());
    }
    var vectors = new HashMap<String, List<float[]>>();
    for (var composite : composed) {
      vectors.computeIfAbsent(composite.model(), _ -> new ArrayList<>()).add(composite.vector());
    }
    return vectors;
  }

  /// The assemblies of a scope that pass, each with the row that speaks for it.
  private static Map<UUID, Integer> assemblies(Source source, View.Moment moment, Filter filter) {
    var view = source.view();
    var rows = new HashMap<UUID, Integer>();
    view.visit(
        moment,
        filter,
        row ->
            rows.merge(
                view.id(row),
                row,
                (one, other) -> view.validFrom(other) > view.validFrom(one) ? other : one));
    return rows;
  }

  /// The greatest cosine of a vector asked for and a composite of the same model; null where no two
  /// can be compared.
  private static @Nullable Double nearest(
      Map<String, List<float[]>> asked, List<Assembly.Composite> known) {
    Double nearest = null;
    for (var composite : known) {
      for (var vector : asked.getOrDefault(composite.model(), List.of())) {
        if (vector.length == composite.vector().length) {
          double cosine = dot(vector, composite.vector());
          nearest = nearest == null ? cosine : Math.max(nearest, cosine);
        }
      }
    }
    return nearest;
  }

  private static double dot(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return Math.clamp(sum, -1, 1);
  }

  private List<Assembly.Near> near(List<Ranked> ranked) {
    var loaded =
        own.reading.rows(ranked.stream().map(each -> Chosen.of(each.source, each.row)).toList());
    var near = new ArrayList<Assembly.Near>();
    for (int i = 0; i < loaded.size(); i++) {
      var memory = loaded.get(i);
      if (memory != null) {
        near.add(new Assembly.Near(current(memory), ranked.get(i).cosine));
      }
    }
    return near;
  }
}
