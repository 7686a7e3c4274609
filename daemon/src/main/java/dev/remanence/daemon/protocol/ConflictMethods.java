package dev.remanence.daemon.protocol;

import static dev.remanence.daemon.protocol.Method.Group.CONFLICTS;
import static dev.remanence.daemon.protocol.Parameter.choice;
import static dev.remanence.daemon.protocol.Parameter.optional;
import static dev.remanence.daemon.protocol.Parameter.required;
import static dev.remanence.daemon.protocol.Parameter.standard;

import dev.remanence.ConflictRecord;
import dev.remanence.Conflicts;
import dev.remanence.Json;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Resolution;
import java.util.List;

/// The methods `conflicts` and `resolve`: what cannot both stand, and what was decided.
final class ConflictMethods {
  private static final String SHAPE =
      "{id, scope, older, newer, relation: duplicate | update | contradiction, reason: likeness |"
          + " key | value | number | date | negation, score, status: open | resolved | dismissed |"
          + " moot, resolution?, at, revision}";

  private ConflictMethods() {}

  static List<Method> methods() {
    return List.of(
        Method.of(
            "conflicts",
            CONFLICTS,
            "Answers pairs of memories that cannot both stand, or that say the same twice, the latest"
                + " first.",
            List.of(
                standard("scope", Type.SCOPE, "global", "whose conflicts"),
                choice(
                    "status", null, Params.words(ConflictRecord.Status.class), "all unless told"),
                ReadMethods.INHERIT,
                standard("limit", Type.INTEGER, "50", "conflicts a page"),
                optional("after", Type.ID, "from the page before, for the next one")),
            "{conflicts[conflict], after?}; a conflict is " + SHAPE,
            ConflictMethods::list),
        Method.of(
            "conflict",
            CONFLICTS,
            "Answers one conflict.",
            List.of(required("id", Type.ID, "the conflict"), WriteMethods.SCOPE_OF_ID),
            "a conflict",
            (store, params, _) -> {
              var id = params.id("id");
              WriteMethods.requireScope(store, params, id);
              return Answers.conflict(store.conflicts(Protocol.STANDARD_SCOPE).get(id));
            }),
        Method.of(
            "resolve",
            CONFLICTS,
            "Decides about a conflict, in one commit: keeps one side, merges both, or dismisses it.",
            List.of(
                required("id", Type.ID, "the conflict"),
                WriteMethods.SCOPE_OF_ID,
                choice("keep", null, Params.words(Resolution.Side.class), "which side stays"),
                choice(
                    "merge",
                    null,
                    Params.words(Resolution.Strategy.class),
                    "how both become one memory"),
                optional("text", Type.TEXT, "with merge: what the one memory says instead"),
                optional("dismiss", Type.BOOLEAN, "it is no conflict: both stay"),
                WriteMethods.MESSAGE),
            "the conflict",
            ConflictMethods::resolve));
  }

  private static Json list(Remanence store, Params params, Progress progress) {
    var limit = params.optionalInteger("limit");
    var listing =
        new Conflicts.Listing(
            params.optionalChoice("status", ConflictRecord.Status.class),
            params.flag("inherit"),
            limit == null ? 50 : limit,
            params.optionalId("after"));
    return Answers.conflicts(store.conflicts(params.scope()).list(listing));
  }

  private static Json resolve(Remanence store, Params params, Progress progress) {
    var id = params.id("id");
    WriteMethods.requireScope(store, params, id);
    return Answers.conflict(
        store
            .conflicts(Protocol.STANDARD_SCOPE)
            .resolve(id, resolution(params), params.optionalText("message")));
  }

  private static Resolution resolution(Params params) {
    var keep = params.optionalChoice("keep", Resolution.Side.class);
    var merge = params.optionalChoice("merge", Resolution.Strategy.class);
    boolean dismiss = params.flag("dismiss");
    var text = params.optionalText("text");
    int told = (keep == null ? 0 : 1) + (merge == null ? 0 : 1) + (dismiss ? 1 : 0);
    if (told != 1 || (text != null && merge == null)) {
      throw new InvalidInput(
          "say one of keep, merge and dismiss; a text goes with merge", "field", "keep");
    }
    if (keep != null) {
      return Resolution.keep(keep);
    }
    return merge != null ? new Resolution.Merge(merge, text) : Resolution.dismiss();
  }
}
