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

/// What a command ends with. The one place that turns the family of errors into numbers.
public enum ExitCode {
  DONE(0, "done"),
  REFUSED(1, "not found, or refused"),
  USAGE(2, "wrong usage or input"),
  UNAVAILABLE(3, "the store is unavailable"),
  DAMAGED(4, "the store is damaged"),
  DISK_FULL(5, "the disk is full"),
  FAULT(70, "a fault of ours");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  public int number() {
    return number;
  }

  public String meaning() {
    return meaning;
  }

  public static ExitCode of(RemanenceException failure) {
    return switch (failure) {
      case NotFound _, Conflict _, Forbidden _ -> REFUSED;
      case InvalidInput _, TooLarge _ -> USAGE;
      case Busy _,
          Timeout _,
          StoreLocked _,
          StoreClosed _,
          WriteStopped _,
          FormatTooNew _,
          FormatTooOld _,
          Unavailable _ ->
          UNAVAILABLE;
      case CorruptStore _ -> DAMAGED;
      case DiskFull _ -> DISK_FULL;
    };
  }
}
