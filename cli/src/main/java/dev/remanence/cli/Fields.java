package dev.remanence.cli;

import dev.remanence.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What an answer says, read without complaint: a field that is not there is empty, zero or false.
final class Fields {
  private Fields() {}

  static String id(Json.Obj object) {
    return text(object, "id");
  }

  static String text(Json.Obj object, String name) {
    return object.get(name) instanceof Json.Str(var text) ? text : "";
  }

  static String string(Json value) {
    return value instanceof Json.Str(var text) ? text : value.toString();
  }

  static long number(Json.Obj object, String name) {
    return object.get(name) instanceof Json.Num number ? number.longValue() : 0;
  }

  static double decimal(Json.Obj object, String name) {
    return object.get(name) instanceof Json.Num(var value) ? value : 0;
  }

  static boolean bool(Json.Obj object, String name) {
    return object.get(name) instanceof Json.Bool(var flag) && flag;
  }

  static Json.Obj object(Json.Obj object, String name) {
    return object.get(name) instanceof Json.Obj inner ? inner : new Json.Obj(Map.of());
  }

  static List<Json> items(Json.Obj object, String name) {
    return object.get(name) instanceof Json.Arr(var items) ? items : List.of();
  }

  static List<Json.Obj> objects(Json.Obj object, String name) {
    var objects = new ArrayList<Json.Obj>();
    for (var item : items(object, name)) {
      if (item instanceof Json.Obj inner) {
        objects.add(inner);
      }
    }
    return objects;
  }
}
