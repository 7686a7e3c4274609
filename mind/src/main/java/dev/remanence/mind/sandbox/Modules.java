package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.ModuleValue;
import dev.remanence.mind.sandbox.Value.None;
import java.util.HashMap;
import java.util.Map;

/// What can be imported: all of it ours, and none of it leads out. The modules are there without an
/// import too.
final class Modules {
  private static final Map<String, ModuleValue> MODULES =
      Map.of(
          "json", new ModuleValue("json", JsonModule.members()),
          "math", new ModuleValue("math", MathModule.members()),
          "re", new ModuleValue("re", RegexModule.members()),
          "datetime", new ModuleValue("datetime", DatetimeModule.members()),
          "time", new ModuleValue("time", time()),
          "statistics", new ModuleValue("statistics", StatisticsModule.members()),
          "collections", new ModuleValue("collections", collections()),
          "typing", new ModuleValue("typing", Map.of()),
          "__future__", new ModuleValue("__future__", Map.of()));

  private static final String KNOWN = "json, math, re, datetime, time, statistics, collections";

  private Modules() {}

  private static Map<String, Object> time() {
    var members = new HashMap<String, Object>();
    Builtins.put(members, "time", (run, a) -> a.exactly(0, 0).count() + run.clock.millis() / 1e3);
    Builtins.put(
        members, "perf_counter", (run, a) -> a.exactly(0, 0).count() + run.meter.millis() / 1e3);
    Builtins.put(
        members, "monotonic", (run, a) -> a.exactly(0, 0).count() + run.meter.millis() / 1e3);
    return Map.copyOf(members);
  }

  private static Map<String, Object> collections() {
    return Map.of(
        "Counter", Types.COUNTER,
        "defaultdict", Types.DEFAULTDICT,
        "OrderedDict", Types.DICT);
  }

  /// The modules that a program finds under their names, before it assigns any.
  static void addTo(Map<String, Object> builtins) {
    for (var module : MODULES.values()) {
      boolean clashes = module.name.equals("typing") || module.name.equals("__future__");
      if (!clashes) {
        builtins.put(module.name, module);
      }
    }
  }

  static void require(String name, int line) {
    if (!MODULES.containsKey(name)) {
      throw new Unreadable(
          "import of '"
              + Texts.start(name, 60)
              + "' is not available; "
              + KNOWN
              + " are there already",
          line);
    }
  }

  static ModuleValue get(String name) {
    var module = MODULES.get(name);
    if (module == null) {
      throw new GuestError(ExceptionType.MODULE_NOT_FOUND, "No module named '" + name + "'");
    }
    return module;
  }

  /// A member by name. Those of `typing` say nothing at run time.
  static Object member(String module, String name) {
    if (module.equals("typing") || module.equals("__future__")) {
      return None.NONE;
    }
    var member = get(module).members.get(name);
    if (member == null) {
      throw new GuestError(
          ExceptionType.IMPORT, "cannot import name '" + name + "' from '" + module + "'");
    }
    return member;
  }
}
