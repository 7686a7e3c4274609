package dev.remanence.daemon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExitCodeTest {
  private static final Map<RemanenceException, Integer> CODES =
      Map.ofEntries(
          Map.entry(new NotFound("x"), 1),
          Map.entry(new Conflict("x"), 1),
          Map.entry(new Forbidden("x"), 1),
          Map.entry(new InvalidInput("x"), 2),
          Map.entry(new TooLarge("x"), 2),
          Map.entry(new Busy("x"), 3),
          Map.entry(new Timeout("x"), 3),
          Map.entry(new StoreLocked("x"), 3),
          Map.entry(new StoreClosed("x"), 3),
          Map.entry(new WriteStopped("x", null), 3),
          Map.entry(new FormatTooNew("x"), 3),
          Map.entry(new FormatTooOld("x"), 3),
          Map.entry(new Unavailable("x", null), 3),
          Map.entry(new CorruptStore("x"), 4),
          Map.entry(new DiskFull("x", null), 5));

  @Test
  void of_everyFailure() {
    assertThat(CODES).hasSize(RemanenceException.class.getPermittedSubclasses().length);
    CODES.forEach((failure, code) ->
        assertThat(ExitCode.of(failure).number()).as(failure.name()).isEqualTo(code));
  }
}
