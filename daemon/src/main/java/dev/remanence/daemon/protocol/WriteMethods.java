package dev.remanence.daemon.protocol;

import static dev.remanence.daemon.protocol.Method.Group.WRITING;
import static dev.remanence.daemon.protocol.Parameter.choice;
import static dev.remanence.daemon.protocol.Parameter.optional;
import static dev.remanence.daemon.protocol.Parameter.required;
import static dev.remanence.daemon.protocol.Parameter.standard;
import static java.util.Objects.requireNonNull;

import dev.remanence.Draft;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Limits;
import dev.remanence.Link;
import dev.remanence.Patch;
import dev.remanence.Provenance;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.TooLarge;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The methods that change memories: `remember`, `rememberAll`, `supersede`, `revise`, `link`,
/// `unlink`, `forget`, `erase`.
final class WriteMethods {
  static final Parameter SCOPE =
      standard("scope", Type.SCOPE, "global", "where it belongs; `global` unless told");

  /// Rule: an id needs no scope; one that is given must be the memory's.
  static final Parameter SCOPE_OF_ID =
      optional("scope", Type.SCOPE, "refused unless the memory lies in this scope");

  static final Parameter MESSAGE = optional("message", Type.TEXT, "why, for the history");

  private static final List<Parameter> LINK =
      List.of(
          required("type", Type.TEXT, "what the link says, such as `supports`"),
          required("to", Type.ID, "the other memory"));

  private static final List<Parameter> PROVENANCE =
      List.of(
          optional("session", Type.TEXT, "the sitting; the caller's unless told"),
          optional("tool", Type.TEXT, "the program; the caller's unless told"),
          optional("source", Type.TEXT, "a document, a URL, a person"),
          optional("sourceTime", Type.TIME, "of when the source is"),
          optional("method", Type.TEXT, "how it was extracted"),
          optional("confidence", Type.NUMBER, "from 0 to 1"),
          optional("lastConfirmed", Type.TIME, "when it was last found to be so"),
          optional("parent", Type.ID, "the memory it derives from"));

  /// It is read line by line, and takes less room as memories than as text.
  private static final int BATCH_FILE_BYTES_MAX = 256 << 20;

  /// What a memory to be has, in `remember` and in each item of `rememberAll`.
  static final List<Parameter> DRAFT =
      List.of(
          optional("text", Type.TEXT, "plain text; this or `content`"),
          optional("content", Type.JSON, "any other JSON value; this or `text`"),
          choice("kind", "semantic", Params.words(Kind.class), "how it lives and dies"),
          optional("key", Type.TEXT, "a name within the scope; a key that exists is revised"),
          optional("speaker", Type.TEXT, "who said it"),
          optional("tags", Type.STRINGS, "words to find it by"),
          optional("metadata", Type.OBJECT, "your own data beside the content"),
          standard("importance", Type.NUMBER, "0.5", "from 0 to 1"),
          optional("pinned", Type.BOOLEAN, "always part of the context"),
          optional("links", Type.LINKS, "typed arrows to other memories"),
          standard("at", Type.TIME, "now", "when it happened or became true"),
          optional("until", Type.TIME, "when it stopped being true"),
          optional("ttl", Type.DURATION, "how long from now reads show it"),
          optional("provenance", Type.PROVENANCE, "where it comes from"),
          optional("vector", Type.NUMBERS, "an embedding that you computed"),
          optional("id", Type.ID, "makes a repeated call harmless"),
          optional(
              "defer", Type.BOOLEAN, "answer before the vector is there: found by words at once"));

  private static final List<Parameter> KEYED_DRAFT = keyed(DRAFT);

  static final String REMEMBERED =
      "{id, revision, outcome: created | reinforced | revised, nearDuplicates[], conflicts[],"
          + " durable}";

  private static final List<Parameter> PATCH =
      List.of(
          required("id", Type.ID, "the memory"),
          SCOPE_OF_ID,
          optional("text", Type.TEXT, "the text in place of the old content"),
          optional("content", Type.JSON, "the JSON value in place of the old content"),
          choice("kind", null, Params.words(Kind.class), "how it lives and dies"),
          optional("key", Type.TEXT, "its name within the scope; null or nothing takes it away"),
          optional("speaker", Type.TEXT, "who said it; null or nothing for nobody"),
          optional("tags", Type.STRINGS, "in place of all tags"),
          optional("metadata", Type.OBJECT, "in place of the metadata"),
          optional("importance", Type.NUMBER, "from 0 to 1"),
          optional("pinned", Type.BOOLEAN, "always part of the context"),
          optional("links", Type.LINKS, "in place of all links"),
          optional("at", Type.TIME, "when it happened or became true"),
          optional("until", Type.TIME, "when it stopped being true; null opens it again"),
          optional("expires", Type.TIME, "until when reads show it; null keeps it for good"),
          optional("provenance", Type.PROVENANCE, "where it comes from"),
          optional("vector", Type.NUMBERS, "an embedding that you computed"),
          optional(
              "ifRevision", Type.INTEGER, "refused with Conflict unless this is still current"),
          MESSAGE,
          standard("branch", Type.TEXT, "main", "the branch that is changed"));

  private static final List<Parameter> ARROW =
      List.of(
          required("from", Type.ID, "the memory that holds the link"),
          required("type", Type.TEXT, "what the link says, such as `supports`"),
          required("to", Type.ID, "the other memory"));

  private WriteMethods() {}

  static List<Method> methods() {
    return List.of(
        Method.of(
            "remember",
            WRITING,
            "Remembers one thing. The same content again in the scope reinforces it. Under a key that"
                + " exists it revises: what is not given stays.",
            with(SCOPE, DRAFT),
            REMEMBERED,
            (store, params, _) ->
                Answers.remembered(store.remember(params.scope(), draft(params)))),
        Method.of(
            "rememberAll",
            WRITING,
            "Remembers all or none, in one commit.",
            List.of(
                SCOPE,
                optional(
                    "memories", Type.MEMORIES, "each with the parameters of `remember` but scope"),
                optional(
                    "file",
                    Type.PATH,
                    "where there are more than a line holds: a file of at most 256 MiB with one such"
                        + " memory a line, instead of `memories`")),
            "{results[]}, each as `remember` answers",
            WriteMethods::rememberAll),
        Method.of(
            "supersede",
            WRITING,
            "Sets a keyed value that holds from a moment on: it never replaces the value before, but"
                + " ends it.",
            with(SCOPE, KEYED_DRAFT),
            REMEMBERED,
            (store, params, _) ->
                Answers.remembered(store.supersede(params.scope(), draft(params)))),
        Method.of(
            "revise",
            WRITING,
            "Corrects a memory: only the fields that are given change.",
            PATCH,
            "{id, revision}",
            WriteMethods::revise),
        Method.of(
            "link",
            WRITING,
            "Adds a typed arrow from one memory to another.",
            ARROW,
            "{id, revision}",
            (store, params, _) ->
                Answers.written(
                    store.link(params.id("from"), params.text("type"), params.id("to")))),
        Method.of(
            "unlink",
            WRITING,
            "Takes such an arrow away.",
            ARROW,
            "{id, revision}",
            (store, params, _) ->
                Answers.written(
                    store.unlink(params.id("from"), params.text("type"), params.id("to")))),
        Method.of(
            "forget",
            WRITING,
            "Takes a memory, or what passes a filter in a scope, out of every read of the present;"
                + " its history stays.",
            List.of(
                optional("id", Type.ID, "the memory; this or `filter`"),
                optional("filter", Type.FILTER, "what to forget in the scope; {} means all"),
                standard("scope", Type.SCOPE, "global", "where the filter looks"),
                optional(
                    "recursive", Type.BOOLEAN, "with a filter: in the scope's descendants too"),
                optional("reason", Type.TEXT, "why, for the history")),
            "{forgotten}",
            WriteMethods::forget),
        Method.of(
            "erase",
            WRITING,
            "Removes content for good, from every revision and every file of the store; or, with"
                + " `backups` alone, what was erased before from the store's backups.",
            List.of(
                optional("id", Type.ID, "the memory; this, `scope` or `backups`"),
                optional(
                    "scope", Type.SCOPE, "all of this scope and its name; never a default one"),
                optional("recursive", Type.BOOLEAN, "with a scope: its descendants too"),
                optional("reason", Type.TEXT, "why, for the receipt"),
                optional(
                    "backups",
                    Type.BOOLEAN,
                    "rewrite the backups that the store knows of without anything erased; wants"
                        + " admin on all scopes")),
            "{id, memories[], revisions, at, session, tool, reason?, derived[], backups[{file,"
                + " keptUntil?, rewritten?}], document}, where `document` is signed; or"
                + " {backups[{file, outcome: rewritten | clean | failed, error?}], receipts[]} of"
                + " `backups`, where `receipts` are those that were signed anew",
            WriteMethods::erase));
  }

  static List<Parameter> with(Parameter first, List<Parameter> rest) {
    var all = new ArrayList<Parameter>(rest.size() + 1);
    all.add(first);
    all.addAll(rest);
    return all;
  }

  private static List<Parameter> keyed(List<Parameter> draft) {
    var keyed = new ArrayList<>(draft);
    keyed.replaceAll(parameter ->
        parameter.name().equals("key")
            ? required("key", parameter.type(), "whose value it is within the scope")
            : parameter);
    return keyed;
  }

  private static Draft draft(Params params) {
    var text = params.optionalText("text");
    var content = params.json("content");
    if ((text == null) == (content == null)) {
      var field = params.field("text");
      var found = text == null ? "neither" : "both";
      throw new InvalidInput(
          "one of " + field + " and " + params.field("content") + " is required; found " + found,
          "field",
          field,
          "found",
          found);
    }
    return fill(text != null ? Draft.of(text) : Draft.of(requireNonNull(content)), params)
        .speaker(params.optionalText("speaker"));
  }

  /// Puts into a draft what was told beside its content.
  static Draft fill(Draft draft, Params params) {
    set(params.optionalChoice("kind", Kind.class), draft::kind);
    set(params.optionalStrings("tags"), tags -> draft.tags(tags));
    set(params.optionalNumber("importance"), draft::importance);
    set(params.optionalFlag("pinned"), draft::pinned);
    set(links(params), draft::links);
    return draft
        .key(params.optionalText("key"))
        .metadata(params.object("metadata"))
        .at(params.optionalTime("at"))
        .until(params.optionalTime("until"))
        .ttl(params.optionalDuration("ttl"))
        .provenance(provenance(params, Provenance.NONE))
        .vector(params.optionalVector("vector"))
        .id(params.optionalId("id"))
        .defer(params.flag("defer"));
  }

  private static @Nullable List<Link> links(Params params) {
    var given = params.optionalObjects("links", Type.LINKS, LINK);
    if (given == null) {
      return null;
    }
    var links = new ArrayList<Link>(given.size());
    for (var link : given) {
      links.add(new Link(link.text("type"), link.id("to")));
    }
    return links;
  }

  private static Provenance provenance(Params params, Provenance standard) {
    var given = params.optionalObject("provenance", PROVENANCE);
    return given == null
        ? standard
        : new Provenance(
            given.optionalText("session"),
            given.optionalText("tool"),
            given.optionalText("source"),
            given.optionalTime("sourceTime"),
            given.optionalText("method"),
            given.optionalNumber("confidence"),
            given.optionalTime("lastConfirmed"),
            given.optionalId("parent"));
  }

  private static Json rememberAll(Remanence store, Params params, Progress progress) {
    var memories = params.optionalObjects("memories", Type.MEMORIES, DRAFT);
    var file = params.optionalPath("file");
    if ((memories == null) == (file == null)) {
      var found = file == null ? "neither" : "both";
      throw new InvalidInput(
          "one of memories and file is required; found " + found,
          "field",
          "memories",
          "found",
          found);
    }
    var drafts = new ArrayList<Draft>();
    if (memories != null) {
      memories.forEach(memory -> drafts.add(draft(memory)));
    } else if (file != null) {
      readDrafts(file, params.scope(), drafts);
    }
    return Answers.results(store.rememberAll(params.scope(), drafts));
  }

  private static void readDrafts(Path file, String scope, List<Draft> drafts) {
    try (var lines = Files.newBufferedReader(file)) {
      long bytes = Files.size(file);
      if (bytes > BATCH_FILE_BYTES_MAX) {
        throw new TooLarge(
            "what is remembered in one commit has at most "
                + BATCH_FILE_BYTES_MAX
                + " bytes; remember it in parts, or import it",
            "field",
            "file",
            "max",
            BATCH_FILE_BYTES_MAX,
            "found",
            bytes);
      }
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          drafts.add(draft(line, "memories[" + drafts.size() + "]", scope));
        }
      }
    } catch (CharacterCodingException _) {
      throw new InvalidInput("file is text in UTF-8; found other bytes", "field", "file");
    } catch (IOException e) {
      throw CareMethods.unusable("read", file, e);
    }
  }

  private static Draft draft(String line, String field, String scope) {
    if (Json.parse(line) instanceof Json.Obj memory) {
      return draft(new Params(field + ".", memory, DRAFT, scope));
    }
    throw new InvalidInput(field + " is an object", "field", field);
  }

  private static Json revise(Remanence store, Params params, Progress progress) {
    var id = params.id("id");
    var patch = new Patch();
    set(params.optionalText("text"), patch::text);
    set(params.json("content"), patch::content);
    set(params.optionalChoice("kind", Kind.class), patch::kind);
    set(params.optionalText("key"), patch::key);
    set(params.optionalText("speaker"), patch::speaker);
    set(params.optionalStrings("tags"), patch::tags);
    set(params.object("metadata"), patch::metadata);
    set(params.optionalNumber("importance"), patch::importance);
    set(params.optionalFlag("pinned"), patch::pinned);
    set(links(params), patch::links);
    set(params.optionalTime("at"), patch::at);
    set(params.optionalTime("until"), patch::until);
    set(params.optionalTime("expires"), patch::expires);
    if (isCleared(params, "key")) {
      patch.key(null);
    }
    if (isCleared(params, "speaker")) {
      patch.speaker(null);
    }
    if (params.isNull("until")) {
      patch.until(null);
    }
    if (params.isNull("expires")) {
      patch.expires(null);
    }
    if (params.has("provenance")) {
      patch.provenance(provenance(params, Provenance.NONE));
    }
    set(params.optionalVector("vector"), patch::vector);
    patch.ifRevision(params.optionalInteger("ifRevision")).message(params.optionalText("message"));
    set(params.optionalText("branch"), patch::branch);
    requireScope(store, params, id);
    return Answers.written(store.revise(id, patch));
  }

  private static boolean isCleared(Params params, String name) {
    return params.isNull(name) || "".equals(params.optionalText(name));
  }

  static <T> void set(@Nullable T value, Consumer<T> field) {
    if (value != null) {
      field.accept(value);
    }
  }

  private static Json forget(Remanence store, Params params, Progress progress) {
    var id = params.optionalId("id");
    var reason = params.optionalText("reason");
    if ((id == null) == !params.has("filter")) {
      throw either("id", "filter", id != null);
    }
    if (id == null) {
      var forgotten =
          store.forget(params.scope(), Filters.read(params), params.flag("recursive"), reason);
      return new Shape().put("forgotten", forgotten).build();
    }
    requireScope(store, params, id);
    return new Shape().put("forgotten", store.forget(id, reason)).build();
  }

  private static Json erase(Remanence store, Params params, Progress progress) {
    var id = params.optionalId("id");
    var scope = params.optionalText("scope");
    var reason = params.optionalText("reason");
    if (params.flag("backups")) {
      requireAlone(params);
      return Answers.backupErasure(store.eraseFromBackups(progress));
    }
    if (id != null) {
      requireScope(store, params, id);
      return Answers.receipt(store.erase(id, reason));
    }
    if (scope == null) {
      throw either("id", "scope", false);
    }
    return Answers.receipt(store.eraseScope(Limits.scope(scope), params.flag("recursive"), reason));
  }

  /// What is to be erased is erased first, with a receipt that names the backups.
  private static void requireAlone(Params params) {
    for (var beside : List.of("id", "scope", "recursive", "reason")) {
      if (params.has(beside)) {
        throw new InvalidInput(
            "backups stands alone and is about all that was erased; found "
                + beside
                + " beside it: erase that first, then the backups",
            "field",
            "backups",
            "found",
            beside);
      }
    }
  }

  private static InvalidInput either(String one, String other, boolean both) {
    var found = both ? "both" : "neither";
    return new InvalidInput(
        "one of " + one + " and " + other + " is required; found " + found,
        "field",
        one,
        "found",
        found);
  }

  /// Refuses where a scope was given and the memory lies in another one.
  static void requireScope(Remanence store, Params params, UUID id) {
    var scope = params.optionalText("scope");
    if (scope == null) {
      return;
    }
    Limits.scope(scope);
    for (var revised : store.history(id)) {
      var memory = revised.memory();
      if (memory != null && !memory.scope().equals(scope)) {
        throw otherScope(scope);
      }
      if (memory != null) {
        return;
      }
    }
  }

  static InvalidInput otherScope(String scope) {
    return new InvalidInput(
        "scope is the scope of the memory, or left out: an id needs none; found "
            + scope
            + ", and the memory lies in another",
        "field",
        "scope",
        "found",
        scope);
  }
}
