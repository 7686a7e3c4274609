package dev.remanence.daemon.protocol;

import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Busy;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.RemanenceException.DiskFull;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.FormatTooNew;
import dev.remanence.RemanenceException.FormatTooOld;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.StoreLocked;
import dev.remanence.RemanenceException.Timeout;
import dev.remanence.RemanenceException.TooLarge;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.RemanenceException.WriteStopped;

/// The status of an answer over HTTP: what [ExitCode] is to a command.
public final class HttpStatus {
  /// A fault of ours.
  public static final int FAULT = 500;

  private HttpStatus() {}

  public static int of(RemanenceException failure) {
    return switch (failure) {
      case InvalidInput _ -> 400;
      case Forbidden _ -> 403;
      case NotFound _ -> 404;
      case Conflict _ -> 409;
      case TooLarge _ -> 413;
      case CorruptStore _ -> FAULT;
      case Busy _,
          StoreLocked _,
          StoreClosed _,
          WriteStopped _,
          FormatTooNew _,
          FormatTooOld _,
          Unavailable _ ->
          503;
      case Timeout _ -> 504;
      case DiskFull _ -> 507;
    };
  }
}
