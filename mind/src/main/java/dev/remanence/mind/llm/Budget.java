package dev.remanence.mind.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// What a day, in UTC, may take of tokens and money, kept in a file so that a restart begins no new
/// day: `{"day":"2026-11-21","tokens":18233,"cost":0.0121}`.
///
/// A call takes the most that it can need before it is made, and gives back what it did not need:
/// calls at once stay within the day together, and one that is killed has counted. A day that lies
/// before the file's is a clock set back, and begins nothing. A file that cannot be read or written
/// means no calls. One process owns the file: the store's owner.
///
/// Safe for many threads.
final class Budget {
  static final String FILE = "llm-budget.json";

  private static final System.Logger LOG = System.getLogger("dev.remanence");

  private final Path file;
  private final InstantSource clock;
  private final Endpoint endpoint;

  /// All under the monitor; null until the file was read.
  private @Nullable LocalDate day;

  private long tokens;
  private double cost;

  Budget(Path directory, InstantSource clock, Endpoint endpoint) {
    this.file = directory.resolve(FILE);
    this.clock = clock;
    this.endpoint = endpoint;
  }

  /// What was taken, and of which day.
  record Taken(LocalDate day, long tokensIn, long tokensOut) {}

  /// Takes the most that a call can need; refuses where the day has less left.
  synchronized Taken take(long tokensIn, long tokensOut) {
    var today = today();
    double price = price(tokensIn, tokensOut);
    if (tokens + tokensIn + tokensOut > endpoint.tokensADay()) {
      throw new Unavailable(
          "the model's tokens of " + today + " are spent: tokens-a-day=" + endpoint.tokensADay(),
          null,
          "tokens",
          tokens,
          "tokensADay",
          endpoint.tokensADay());
    }
    if (cost + price > endpoint.costADay()) {
      throw new Unavailable(
          "the model's money of " + today + " is spent: cost-a-day=" + endpoint.costADay(),
          null,
          "cost",
          cost,
          "costADay",
          endpoint.costADay());
    }
    tokens += tokensIn + tokensOut;
    cost += price;
    write();
    return new Taken(today, tokensIn, tokensOut);
  }

  /// Counts what a call came to instead of what it took.
  synchronized void settle(Taken taken, long tokensIn, long tokensOut) {
    if (today().equals(taken.day)) {
      tokens = Math.max(0, tokens - taken.tokensIn - taken.tokensOut + tokensIn + tokensOut);
      cost =
          Math.max(0, cost - price(taken.tokensIn, taken.tokensOut) + price(tokensIn, tokensOut));
      try {
        write();
      } catch (Unavailable e) {
        // The file tells more than was spent, which is safe; an answer that came must not be lost.
        LOG.log(System.Logger.Level.WARNING, String.valueOf(e.getMessage()));
      }
    }
  }

  private double price(long tokensIn, long tokensOut) {
    return (tokensIn * endpoint.priceIn() + tokensOut * endpoint.priceOut()) / 1e6;
  }

  private LocalDate today() {
    if (day == null) {
      read();
    }
    var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    if (day == null || today.isAfter(day)) {
      day = today;
      tokens = 0;
      cost = 0;
    }
    return day;
  }

  private void read() {
    try {
      var json = Json.parse(Files.readAllBytes(file));
      if (json instanceof Json.Obj spent
          && spent.get("day") instanceof Json.Str(var text)
          && spent.get("tokens") instanceof Json.Num(double tokensSpent)
          && spent.get("cost") instanceof Json.Num(double costSpent)) {
        day = LocalDate.parse(text);
        tokens = (long) tokensSpent;
        cost = costSpent;
        return;
      }
    } catch (NoSuchFileException _) {
      return;
    } catch (IOException | RemanenceException | DateTimeException e) {
      throw unusable(e);
    }
    throw unusable(null);
  }

  private void write() {
    var json =
        Json.object().put("day", String.valueOf(day)).put("tokens", tokens).put("cost", cost);
    var fresh = file.resolveSibling(FILE + ".new");
    try {
      Files.deleteIfExists(fresh);
      Files.createFile(fresh, ownersOnly());
      Files.write(
          fresh,
          json.build().toString().getBytes(UTF_8),
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.SYNC);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private FileAttribute<?>[] ownersOnly() {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private Unavailable unusable(@Nullable Exception cause) {
    return new Unavailable(
        "the model's budget cannot be kept in " + file + "; look at the file, or remove it",
        cause,
        "path",
        file.toString());
  }
}
