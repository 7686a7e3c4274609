package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.ExceptionValue;
import java.util.ArrayList;
import java.util.List;

/// An exception of the guest's on its way up. It notes the calls that it leaves.
final class GuestError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int PLACES_MAX = 500;

  private final transient ExceptionValue value;
  private final transient List<Place> places = new ArrayList<>(2);

  /// A line that was being executed, and in which function.
  record Place(String function, int line) {}

  GuestError(ExceptionValue value) {
    super(null, null, false, false);
    this.value = value;
  }

  GuestError(ExceptionType type, Object... arguments) {
    this(new ExceptionValue(type, List.of(arguments)));
  }

  ExceptionValue value() {
    return value;
  }

  /// The places, innermost first.
  List<Place> places() {
    return places;
  }

  void leaves(String function, int line) {
    if (places.size() < PLACES_MAX) {
      places.add(new Place(function, line));
    }
  }

  static GuestError type(String message) {
    return new GuestError(ExceptionType.TYPE, message);
  }

  static GuestError value(String message) {
    return new GuestError(ExceptionType.VALUE, message);
  }

  static GuestError index(String message) {
    return new GuestError(ExceptionType.INDEX, message);
  }

  static GuestError key(Object key) {
    return new GuestError(ExceptionType.KEY, key);
  }

  static GuestError overflow(String message) {
    return new GuestError(ExceptionType.OVERFLOW, message);
  }

  static GuestError division(String message) {
    return new GuestError(ExceptionType.ZERO_DIVISION, message);
  }

  static GuestError runtime(String message) {
    return new GuestError(ExceptionType.RUNTIME, message);
  }

  static GuestError attribute(Object target, String name) {
    return new GuestError(
        ExceptionType.ATTRIBUTE,
        "'" + Types.nameOf(target) + "' object has no attribute '" + name + "'");
  }
}
