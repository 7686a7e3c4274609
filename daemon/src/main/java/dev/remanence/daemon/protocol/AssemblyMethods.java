package dev.remanence.daemon.protocol;

import static dev.remanence.daemon.protocol.Method.Group.ASSEMBLIES;
import static dev.remanence.daemon.protocol.Parameter.choice;
import static dev.remanence.daemon.protocol.Parameter.optional;
import static dev.remanence.daemon.protocol.Parameter.required;
import static dev.remanence.daemon.protocol.Parameter.standard;

import dev.remanence.AsOf;
import dev.remanence.AssemblyDraft;
import dev.remanence.Json;
import dev.remanence.Listing;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import java.util.List;

/// The methods `assemblies.*`: named sets of memories.
final class AssemblyMethods {
  private static final Parameter NAME = required("name", Type.TEXT, "the assembly's name");
  private static final String SHAPE =
      "{id, scope, name, description?, members[id], tags[], metadata{}, importance, pinned,"
          + " revision, createdAt, updatedAt, uses, strength}";

  private static final Parameter MEMORY =
      optional("memory", Type.BOOLEAN, "with the memory that the assembly is");
  private static final Parameter BRANCH = standard("branch", Type.TEXT, "main", "of which branch");

  private AssemblyMethods() {}

  static List<Method> methods() {
    return List.of(
        Method.of(
            "assemblies.put",
            ASSEMBLIES,
            "Makes an assembly, or changes what is given of the one that has the name.",
            List.of(
                WriteMethods.SCOPE,
                NAME,
                optional("description", Type.TEXT, "what it is about; an empty one takes it away"),
                optional("members", Type.IDS, "in place of all members"),
                optional("tags", Type.STRINGS, "in place of all tags but `assembly`"),
                optional("metadata", Type.OBJECT, "your own data, in place of what is there"),
                optional("importance", Type.NUMBER, "from 0 to 1"),
                optional("pinned", Type.BOOLEAN, "always part of the context")),
            "{id, revision, outcome: created | revised, nearDuplicates[], conflicts[], durable}",
            AssemblyMethods::put),
        Method.of(
            "assemblies.add",
            ASSEMBLIES,
            "Adds memories to an assembly, all or none.",
            List.of(
                WriteMethods.SCOPE,
                NAME,
                required("members", Type.IDS, "the memories, of any scope")),
            "{id, revision}",
            (store, params, _) ->
                Answers.written(
                    store
                        .assemblies(params.scope())
                        .add(params.text("name"), params.ids("members")))),
        Method.of(
            "assemblies.remove",
            ASSEMBLIES,
            "Takes memories out of an assembly, all or none; the memories stay.",
            List.of(WriteMethods.SCOPE, NAME, required("members", Type.IDS, "its members")),
            "{id, revision}",
            (store, params, _) ->
                Answers.written(
                    store
                        .assemblies(params.scope())
                        .remove(params.text("name"), params.ids("members")))),
        Method.of(
            "assemblies.forget",
            ASSEMBLIES,
            "Forgets an assembly; its members and its history stay.",
            List.of(
                WriteMethods.SCOPE, NAME, optional("reason", Type.TEXT, "why, for the history")),
            "{forgotten}",
            AssemblyMethods::forget),
        Method.of(
            "assemblies.get",
            ASSEMBLIES,
            "Answers one assembly, from the scope or its nearest ancestor.",
            List.of(
                standard("scope", Type.SCOPE, "global", "where the name is looked up first"),
                NAME,
                optional("bodies", Type.BOOLEAN, "with the members themselves"),
                optional("composite", Type.BOOLEAN, "with the composite vectors of now"),
                MEMORY,
                ReadMethods.KNOWN_AT,
                ReadMethods.VALID_AT,
                BRANCH),
            "an assembly: "
                + SHAPE
                + ", and when asked for memory, memories[memory], composite[{model, members,"
                + " vector[]}]",
            AssemblyMethods::get),
        Method.of(
            "assemblies.members",
            ASSEMBLIES,
            "Answers the members themselves, oldest id first.",
            List.of(
                standard("scope", Type.SCOPE, "global", "where the name is looked up first"),
                NAME,
                ReadMethods.KNOWN_AT,
                ReadMethods.VALID_AT,
                BRANCH),
            "{memories[]}",
            (store, params, _) ->
                new Shape()
                    .list(
                        "memories",
                        store.assemblies(params.scope()).members(params.text("name"), asOf(params)),
                        Answers::memory)
                    .build()),
        Method.of(
            "assemblies.composites",
            ASSEMBLIES,
            "Answers what the members have in common now, a vector a model.",
            List.of(
                standard("scope", Type.SCOPE, "global", "where the name is looked up first"), NAME),
            "{composite[{model, members, vector[]}]}",
            (store, params, _) ->
                new Shape()
                    .list(
                        "composite",
                        store.assemblies(params.scope()).composites(params.text("name")),
                        Answers::composite)
                    .build()),
        Method.of(
            "assemblies.list",
            ASSEMBLIES,
            "Answers the assemblies of a scope, page by page, newest or greatest first.",
            List.of(
                standard("scope", Type.SCOPE, "global", "whose assemblies"),
                ReadMethods.INHERIT,
                ReadMethods.FILTER,
                choice("order", "updated", Params.words(Listing.Order.class), "what comes first"),
                standard("limit", Type.INTEGER, "50", "assemblies a page"),
                ReadMethods.CURSOR,
                MEMORY),
            "{assemblies[assembly], cursor?}",
            AssemblyMethods::list),
        Method.of(
            "assemblies.similar",
            ASSEMBLIES,
            "Answers the assemblies whose composite vector is near to a memory, an assembly, a text"
                + " or a vector.",
            List.of(
                standard("scope", Type.SCOPE, "global", "whose assemblies"),
                optional("text", Type.TEXT, "near to this text"),
                optional("id", Type.ID, "near to this memory, or to this assembly's composite"),
                optional(
                    "vector", Type.NUMBERS, "near to this vector, among vectors that you gave"),
                standard("threshold", Type.NUMBER, "0", "the least cosine, from -1 to 1"),
                standard("limit", Type.INTEGER, "10", "at most so many hits"),
                ReadMethods.FILTER,
                ReadMethods.INHERIT,
                MEMORY),
            "{hits[{assembly, score}]}",
            AssemblyMethods::similar));
  }

  private static Json put(Remanence store, Params params, Progress progress) {
    var draft = AssemblyDraft.of(params.text("name"));
    WriteMethods.set(params.optionalText("description"), draft::description);
    WriteMethods.set(params.optionalIds("members"), ids -> draft.members(ids));
    WriteMethods.set(params.optionalStrings("tags"), tags -> draft.tags(tags));
    WriteMethods.set(params.object("metadata"), draft::metadata);
    WriteMethods.set(params.optionalNumber("importance"), draft::importance);
    WriteMethods.set(params.optionalFlag("pinned"), draft::pinned);
    return Answers.remembered(store.assemblies(params.scope()).put(draft));
  }

  private static Json forget(Remanence store, Params params, Progress progress) {
    store.assemblies(params.scope()).forget(params.text("name"), params.optionalText("reason"));
    return new Shape().put("forgotten", 1).build();
  }

  private static Json get(Remanence store, Params params, Progress progress) {
    var assemblies = store.assemblies(params.scope());
    var name = params.text("name");
    var asOf = asOf(params);
    var answer = Answers.assembly(assemblies.get(name, asOf), params.flag("memory"));
    if (params.flag("bodies")) {
      answer.list("memories", assemblies.members(name, asOf), Answers::memory);
    }
    if (params.flag("composite")) {
      answer.list("composite", assemblies.composites(name), Answers::composite);
    }
    return answer.build();
  }

  private static AsOf asOf(Params params) {
    return ReadMethods.asOf(params, params.optionalText("branch"));
  }

  private static Json list(Remanence store, Params params, Progress progress) {
    return Answers.assemblies(
        store.assemblies(params.scope()).list(ReadMethods.listing(params)), params.flag("memory"));
  }

  private static Json similar(Remanence store, Params params, Progress progress) {
    return Answers.near(
        store.assemblies(params.scope()).similar(ReadMethods.near(params)), params.flag("memory"));
  }
}
