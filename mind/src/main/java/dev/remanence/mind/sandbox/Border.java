package dev.remanence.mind.sandbox;

import dev.remanence.Json;
import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.Sequence;
import dev.remanence.mind.sandbox.Value.SetValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Values on their way between the guest and the host, as JSON.
final class Border {
  private static final int LEVELS_MAX = 70;

  private Border() {}

  /// A value of the host's for the guest, charged by its size.
  static Object in(Run run, Json json) {
    run.meter.step();
    return switch (json) {
      case Json.Null _ -> None.NONE;
      case Json.Bool(var truth) -> truth;
      case Json.Str(var text) -> {
        run.meter.chargeText(text.length());
        yield text;
      }
      case Json.Num(var number) ->
          number == Math.rint(number) && Math.abs(number) <= 0x1p53
              ? (Object) (long) number
              : (Object) number;
      case Json.Arr(var items) -> {
        run.meter.chargeSlots(items.size());
        var list = new ArrayList<Object>(items.size());
        for (var item : items) {
          list.add(in(run, item));
        }
        yield new ListValue(list);
      }
      case Json.Obj(var fields) -> {
        run.meter.charge(300);
        var dict = new DictValue();
        for (var field : fields.entrySet()) {
          run.meter.chargeText(field.getKey().length());
          dict.table.put(run, field.getKey(), in(run, field.getValue()));
        }
        yield dict;
      }
    };
  }

  /// An argument for the host; what JSON cannot carry is refused.
  static Json argument(Run run, Object value) {
    return out(run, value, 0, true);
  }

  /// The value of a program; what JSON cannot carry is told as text.
  static Json result(Run run, Object value) {
    return out(run, value, 0, false);
  }

  private static Json out(Run run, Object value, int level, boolean strict) {
    run.meter.charge(48);
    if (level > LEVELS_MAX) {
      throw GuestError.value("a value of more than " + LEVELS_MAX + " levels cannot leave");
    }
    return switch (value) {
      case None _ -> Json.ofNull();
      case Boolean truth -> Json.of((boolean) truth);
      case String text -> {
        run.meter.chargeText(text.length());
        yield Json.of(text);
      }
      case Long number ->
          Math.abs(number) <= 1L << 53 && number != Long.MIN_VALUE
              ? Json.of((long) number)
              : Json.of(number.toString());
      case BigInteger number -> Json.of(Numbers.text(run, number));
      case Double number ->
          Double.isFinite(number) ? Json.of((double) number) : Json.of(FloatText.shortest(number));
      case Sequence sequence -> array(run, sequence.items(), level, strict);
      case SetValue set -> array(run, Iteration.list(run, set), level, strict);
      case Value.ViewValue view -> array(run, Iteration.list(run, view), level, strict);
      case Value.RangeValue range -> array(run, Iteration.list(run, range), level, strict);
      case DictValue dict -> object(run, dict, level, strict);
      case Times.DateTime moment -> Json.of(TimeFormat.iso(moment, "T", "auto"));
      case Times time -> Json.of(time.text());
      case GuestIterator iterator when !strict ->
          array(run, Iteration.list(run, iterator), level, false);
      default -> {
        if (strict) {
          throw GuestError.type(
              "a " + Types.nameOf(value) + " cannot be given to a function of the host");
        }
        yield Json.of(Representation.str(run, value));
      }
    };
  }

  private static Json array(Run run, List<Object> items, int level, boolean strict) {
    run.meter.chargeSlots(items.size());
    var out = new ArrayList<Json>(items.size());
    for (int i = 0; i < items.size(); i++) {
      out.add(out(run, items.get(i), level + 1, strict));
    }
    return Json.array(out);
  }

  private static Json object(Run run, DictValue dict, int level, boolean strict) {
    run.meter.charge(dict.table.size() * 100L);
    var fields = new LinkedHashMap<String, Json>();
    var table = dict.table;
    for (int i = table.entry(run, 0); i >= 0; i = table.entry(run, i + 1)) {
      var key = table.key(i);
      if (strict && !(key instanceof String)) {
        throw GuestError.type("a dict for the host has keys that are strings");
      }
      var name = Representation.str(run, key);
      fields.put(name, out(run, table.value(i), level + 1, strict));
    }
    return new Json.Obj(fields);
  }
}
