package dev.remanence;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything Remanence throws at its users: one sealed family, the same names on every surface.
///
/// A message says what was expected, what came, and what to do. The facts carry the same data for
/// programs. Stored text and secrets never appear in either.
public abstract sealed class RemanenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Map<String, Object> facts;

  private RemanenceException(String message, @Nullable Throwable cause, Object... facts) {
    super(message, cause);
    var named = new LinkedHashMap<String, Object>();
    for (int i = 0; i + 1 < facts.length; i += 2) {
      var value = facts[i + 1];
      assert !facts[i].equals("name") : "the name is the exception's own";
      assert value instanceof String || value instanceof Number || value instanceof Boolean
          : facts[i] + " is no plain value: " + value;
      named.put((String) facts[i], value);
    }
    this.facts = Collections.unmodifiableMap(named);
  }

  /// The name on every surface: the class's own.
  public final String name() {
    return getClass().getSimpleName();
  }

  /// The data behind the message, by name, in the order it was given: strings, numbers, booleans.
  /// What kind of `Number` a number is depends on the way that it came.
  public final Map<String, Object> facts() {
    return facts;
  }

  /// No such memory, revision, branch or scope, or none that the caller may see.
  public static final class NotFound extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public NotFound(String message, Object... facts) {
      super(message, null, facts);
    }
  }

  /// The store holds something else than the caller assumed: a newer revision, another content.
  public static final class Conflict extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public Conflict(String message, Object... facts) {
      super(message, null, facts);
    }
  }

  /// Data outside the rules; nothing was changed.
  public static final class InvalidInput extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public InvalidInput(String message, Object... facts) {
      super(message, null, facts);
    }
  }

  /// Data within the rules but beyond a limit; nothing was changed.
  public static final class TooLarge extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public TooLarge(String message, Object... facts) {
      super(message, null, facts);
    }
  }

  /// The caller, or this process, is not allowed to do this.
  public static final class Forbidden extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public Forbidden(String message, Object... facts) {
      super(message, null, facts);
    }
  }

  /// A queue is full; the same call may succeed in a moment.
  public static final class Busy extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public Busy(String message, Object... facts) {
      super(message, null, facts);
    }
  }

  /// A time limit ended the call.
  public static final class Timeout extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public Timeout(String message, Object... facts) {
      super(message, null, facts);
    }
  }

  /// Another process owns the store.
  public static final class StoreLocked extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public StoreLocked(String message, Object... facts) {
      super(message, null, facts);
    }
  }

  /// The store was closed before or during the call.
  public static final class StoreClosed extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public StoreClosed(String message, Object... facts) {
      super(message, null, facts);
    }
  }

  /// Bytes of the store are not what was written. The answer was withheld.
  public static final class CorruptStore extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public CorruptStore(String message, @Nullable Throwable cause, Object... facts) {
      super(message, cause, facts);
    }

    public CorruptStore(String message, Object... facts) {
      super(message, null, facts);
    }
  }

  /// An unknown write or sync failure: this process writes no more; reads go on.
  public static final class WriteStopped extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public WriteStopped(String message, @Nullable Throwable cause, Object... facts) {
      super(message, cause, facts);
    }
  }

  /// No room on the disk: the write was refused whole; reads go on, writing resumes with room.
  public static final class DiskFull extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public DiskFull(String message, @Nullable Throwable cause, Object... facts) {
      super(message, cause, facts);
    }
  }

  /// The store was written by a newer version.
  public static final class FormatTooNew extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public FormatTooNew(String message, Object... facts) {
      super(message, null, facts);
    }
  }

  /// The store was written by a version older than any this one can migrate.
  public static final class FormatTooOld extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public FormatTooOld(String message, Object... facts) {
      super(message, null, facts);
    }
  }

  /// The store, a file or a server that is needed cannot be reached or used.
  public static final class Unavailable extends RemanenceException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, @Nullable Throwable cause, Object... facts) {
      super(message, cause, facts);
    }
  }
}
