package dev.remanence.daemon.protocol;

import static dev.remanence.daemon.protocol.Method.Group.HISTORY;
import static dev.remanence.daemon.protocol.Parameter.choice;
import static dev.remanence.daemon.protocol.Parameter.required;
import static dev.remanence.daemon.protocol.Parameter.standard;
import static dev.remanence.daemon.protocol.WriteMethods.MESSAGE;
import static dev.remanence.daemon.protocol.WriteMethods.SCOPE_OF_ID;
import static dev.remanence.daemon.protocol.WriteMethods.requireScope;

import dev.remanence.AsOf;
import dev.remanence.Json;
import dev.remanence.Limits;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Revised;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The methods over the revisions of one memory: `history`, `diff`, `revert`, `branch`, `merge`.
final class HistoryMethods {
  private static final Parameter ID = required("id", Type.ID, "the memory");

  static final Parameter LIMIT = standard("limit", Type.INTEGER, "1000", "revisions a page");

  private HistoryMethods() {}

  static List<Method> methods() {
    return List.of(
        Method.of(
            "history",
            HISTORY,
            "Answers the revisions of a memory, oldest first.",
            List.of(ID, SCOPE_OF_ID, LIMIT, ReadMethods.CURSOR),
            "{revisions[{id, revision, change, branch, parents[], recordedAt, session?, tool?,"
                + " message?, site, sequence, hash, erased, memory?}], cursor?}",
            HistoryMethods::history),
        Method.of(
            "diff",
            HISTORY,
            "Answers what changed between two revisions, as a unified diff.",
            List.of(
                ID,
                SCOPE_OF_ID,
                standard("from", Type.INTEGER, "the one before `to`", "the older revision"),
                standard("to", Type.INTEGER, "the newest", "the newer revision")),
            "{id, from, to, diff}",
            HistoryMethods::diff),
        Method.of(
            "revert",
            HISTORY,
            "Makes an older revision's value the current one, as a new revision.",
            List.of(
                ID,
                SCOPE_OF_ID,
                required("revision", Type.INTEGER, "whose value comes back"),
                MESSAGE),
            "{id, revision}",
            HistoryMethods::revert),
        Method.of(
            "branch",
            HISTORY,
            "Starts a branch of a memory, to try a change beside the current value.",
            List.of(
                ID,
                SCOPE_OF_ID,
                required("name", Type.TEXT, "the new branch"),
                standard("fromRevision", Type.INTEGER, "the current one", "where it starts"),
                MESSAGE),
            "{id, revision}",
            HistoryMethods::branch),
        Method.of(
            "merge",
            HISTORY,
            "Brings a branch's changes into another branch by a three-way merge.",
            List.of(
                ID,
                SCOPE_OF_ID,
                required("from", Type.TEXT, "the branch with the changes"),
                standard("into", Type.TEXT, "main", "the branch that takes them"),
                choice(
                    "prefer",
                    null,
                    Params.words(Remanence.Prefer.class),
                    "which side wins where both changed the same words; else such a merge is"
                        + " refused with Conflict"),
                MESSAGE),
            "{id, revision}",
            HistoryMethods::merge));
  }

  private static Json history(Remanence store, Params params, Progress progress) {
    var id = params.id("id");
    requireScope(store, params, id);
    return page(store.history(id), params);
  }

  /// The revisions of a page, as `limit` and `cursor` ask.
  static Json page(List<Revised> revisions, Params params) {
    var limit = params.optionalInteger("limit");
    int most = limit == null ? Limits.PAGE_MAX : Limits.count("limit", limit, 1, Limits.PAGE_MAX);
    int from = from(params.optionalText("cursor"), revisions.size());
    int to = from;
    long chars = 0;
    while (to < revisions.size() && to - from < most) {
      var memory = revisions.get(to).memory();
      chars += memory == null ? 0 : memory.body().length() + memory.metadata().toString().length();
      if (to > from && chars > Limits.PAGE_CHARS_MAX) {
        break;
      }
      to++;
    }
    return Answers.history(
        revisions.subList(from, to), to < revisions.size() ? Integer.toString(to) : null);
  }

  /// A cursor is how many revisions came before: those are never fewer.
  private static int from(@Nullable String cursor, int size) {
    if (cursor == null) {
      return 0;
    }
    if (!cursor.matches("[0-9]{1,9}") || Integer.parseInt(cursor) > size) {
      throw new InvalidInput(
          "cursor is what the page before answered; found another", "field", "cursor");
    }
    return Integer.parseInt(cursor);
  }

  private static Json diff(Remanence store, Params params, Progress progress) {
    var id = params.id("id");
    var from = params.optionalInteger("from");
    var to = params.optionalInteger("to");
    requireScope(store, params, id);
    if (to == null) {
      to = store.history(id).getLast().revision();
    }
    if (from == null) {
      from = to - 1;
      if (from < 1) {
        throw new InvalidInput(
            "from is an older revision than " + to + "; found none: the memory was not changed yet",
            "field",
            "from",
            "to",
            to);
      }
    }
    return new Shape()
        .put("id", id)
        .put("from", from.longValue())
        .put("to", to.longValue())
        .put("diff", store.diff(id, from, to))
        .build();
  }

  private static Json revert(Remanence store, Params params, Progress progress) {
    var id = params.id("id");
    requireScope(store, params, id);
    return Answers.written(
        store.revert(id, params.integer("revision"), params.optionalText("message")));
  }

  private static Json branch(Remanence store, Params params, Progress progress) {
    var id = params.id("id");
    requireScope(store, params, id);
    return Answers.written(
        store.branch(
            id,
            params.text("name"),
            params.optionalInteger("fromRevision"),
            params.optionalText("message")));
  }

  private static Json merge(Remanence store, Params params, Progress progress) {
    var id = params.id("id");
    var into = params.optionalText("into");
    requireScope(store, params, id);
    return Answers.written(
        store.merge(
            id,
            params.text("from"),
            into == null ? AsOf.MAIN : into,
            params.optionalChoice("prefer", Remanence.Prefer.class),
            params.optionalText("message")));
  }
}
