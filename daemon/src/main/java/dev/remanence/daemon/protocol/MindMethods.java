package dev.remanence.daemon.protocol;

import static dev.remanence.daemon.protocol.Method.Group.FACTS;
import static dev.remanence.daemon.protocol.Method.Group.MIND;
import static dev.remanence.daemon.protocol.Parameter.optional;
import static dev.remanence.daemon.protocol.Parameter.required;
import static dev.remanence.daemon.protocol.Parameter.standard;

import dev.remanence.Curation;
import dev.remanence.Json;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.Busy;
import dev.remanence.mind.extract.AutoExtraction;
import dev.remanence.mind.extract.FactExtraction;
import dev.remanence.mind.extract.Origin;
import dev.remanence.mind.extract.Stored;
import dev.remanence.mind.sandbox.Sandbox;
import dev.remanence.mind.sandbox.SandboxLimits;
import dev.remanence.mind.sandbox.StoreFunctions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// The methods that think: `facts.extract` reads a conversation, `curate` and `undo` put memories
/// away and back, `execute` runs a program over them.
final class MindMethods {
  /// Each may take 64 MiB and a processor.
  private static final int PROGRAMS_AT_ONCE = 4;

  /// Programs of this process, whichever store they are about.
  private static final Semaphore PROGRAMS = new Semaphore(PROGRAMS_AT_ONCE);

  private MindMethods() {}

  static List<Method> methods() {
    return List.of(
        Method.of(
            "facts.extract",
            FACTS,
            "Takes facts from a conversation, without a model, and stores them unless told not to.",
            List.of(
                WriteMethods.SCOPE,
                required("text", Type.TEXT, "what was said: a text, or lines such as `Anna: …`"),
                optional("session", Type.TEXT, "in which it was said"),
                optional("at", Type.TIME, "when it was said; now if not told"),
                standard("store", Type.BOOLEAN, "true", "whether the facts are stored")),
            "{success, facts[{entity, attribute, value, many, key, from?, until?, ended, correction,"
                + " confidence, start, end}], count, stored, entity_ids[]}",
            MindMethods::extract),
        Method.of(
            "curate",
            MIND,
            "Lets memories live and be put away by their kinds; each step is a revision with its reason.",
            List.of(
                WriteMethods.SCOPE,
                optional("recursive", Type.BOOLEAN, "the scope's descendants too"),
                optional("dryRun", Type.BOOLEAN, "only tell the steps"),
                standard("limit", Type.INTEGER, "1000", "steps at most")),
            "{run?, steps[{action, id, scope, reason, others[]}], more}",
            MindMethods::curate),
        Method.of(
            "undo",
            MIND,
            "Takes back what one run of the curator did, but for what was changed since.",
            List.of(required("run", Type.ID, "as `curate` answered it")),
            "{run?, restored[id], kept[{id, why}]}",
            (store, params, _) -> Answers.undone(store.undo(params.id("run")))),
        Method.of(
            "execute",
            MIND,
            "Runs a program in restricted Python over the store's own operations, with what the caller"
                + " was granted.",
            List.of(
                standard("scope", Type.SCOPE, "global", "where its functions look and write"),
                required("code", Type.TEXT, "the program"),
                optional("variables", Type.OBJECT, "set before it begins"),
                standard("timeout", Type.DURATION, "30s", "after which it is ended")),
            "{value, output, error?{name, message, line, traceback}, steps, bytes, hostCalls, millis}",
            MindMethods::execute));
  }

  private static Json extract(Remanence store, Params params, Progress progress) {
    var at = params.optionalTime("at");
    var said = at == null ? Instant.now() : at;
    var facts = FactExtraction.from(params.text("text"), said);
    boolean stores = !params.has("store") || params.flag("store");
    var origin = new Origin(params.optionalText("session"), null, said, null);
    var stored =
        stores ? FactExtraction.store(store, params.scope(), facts, origin) : List.<Stored>of();
    return new AutoExtraction(true, facts, stored, null).toJson();
  }

  private static Json curate(Remanence store, Params params, Progress progress) {
    var limit = params.optionalInteger("limit");
    return Answers.curation(
        store.curate(
            params.scope(),
            new Curation.Options(
                params.flag("recursive"),
                params.flag("dryRun"),
                limit == null ? Curation.Options.DEFAULT.limit() : limit)));
  }

  private static Json execute(Remanence store, Params params, Progress progress) {
    var timeout = params.optionalDuration("timeout");
    var longest = SandboxLimits.DEFAULT.time();
    var limits =
        SandboxLimits.DEFAULT.time(
            timeout == null || timeout.compareTo(longest) > 0 ? longest : timeout);
    var variables = params.object("variables");
    if (!PROGRAMS.tryAcquire()) {
      throw new Busy(
          PROGRAMS_AT_ONCE + " programs run already; call again when one has ended",
          "programs",
          PROGRAMS_AT_ONCE);
    }
    try {
      return new Sandbox(limits, StoreFunctions.of(store, params.scope()))
          .run(params.text("code"), variables == null ? new Json.Obj(Map.of()) : variables)
          .json();
    } finally {
      PROGRAMS.release();
    }
  }
}
