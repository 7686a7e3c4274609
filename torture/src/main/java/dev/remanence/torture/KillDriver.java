package dev.remanence.torture;

import dev.remanence.Draft;
import dev.remanence.OpenOptions;
import dev.remanence.Patch;
import dev.remanence.Remanence;
import dev.remanence.Retention;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/// The program that is killed: it opens a store and writes to it from eight threads until it dies.
///
/// ```
/// KillDriver STORE ROUND FILE      FILE "-" is the standard output; any other is appended to
/// ```
///
/// A line is printed, in one write, after the call returned and never before:
///
/// - `opened`
/// - `r <thread> <id> <revision> <text>` a new memory, or a revision of one, that says this text
/// - `e <thread> <id>` the memory was erased
///
/// Texts are unique: `w<round> t<thread> n<number>`, the numbers of a thread ascending.
public final class KillDriver {
  private static final int THREADS = 8;

  private final Path directory;
  private final Remanence store;
  private final String round;
  private final OutputStream out;

  private KillDriver(Path directory, Remanence store, String round, OutputStream out) {
    this.directory = directory;
    this.store = store;
    this.round = round;
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var directory = Path.of(arguments[0]);
    var out = arguments[2].equals("-") ? System.out : new FileOutputStream(arguments[2], true);
    var options = OpenOptions.DEFAULT.tool("kill").lockWait(Duration.ofSeconds(20));
    var driver = new KillDriver(directory, Remanence.open(directory, options), arguments[1], out);
    driver.say("opened");
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      threads.add(Thread.ofPlatform().start(() -> driver.write(thread)));
    }
    for (var thread : threads) {
      thread.join();
    }
  }

  private void say(String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(int thread) {
    var random = new SplittableRandom(round.hashCode() * 31L + thread);
    var own = new ArrayList<UUID>();
    try {
      for (int number = 1; true; number++) {
        step(thread, number, random, own);
      }
    } catch (RuntimeException e) {
      // The parent takes an end that is not a kill for a failure, and shows this.
      System.err.println("thread " + thread + " ended: " + e);
      Runtime.getRuntime().halt(3);
    }
  }

  private void step(int thread, int number, SplittableRandom random, List<UUID> own) {
    var text = "w" + round + " t" + thread + " n" + number;
    var scope = "kill/" + (thread % 3 == 0 ? "shared" : "own" + thread);
    int kind = random.nextInt(200);
    if (kind < 90 || own.isEmpty()) {
      var made = store.remember(scope, Draft.of(text));
      own.add(made.id());
      said(thread, made.id(), made.revision(), text);
    } else if (kind < 140) {
      var id = own.get(random.nextInt(own.size()));
      var written = store.revise(id, new Patch().text(text));
      said(thread, id, written.revision(), text);
    } else if (kind < 160) {
      var made = store.remember(scope, Draft.of(text).key("key" + thread));
      said(thread, made.id(), made.revision(), text);
    } else if (kind < 190) {
      batch(thread, random.nextInt(2, 40), text, scope);
    } else if (kind < 196) {
      var id = own.remove(random.nextInt(own.size()));
      store.erase(id, "killed");
      say("e " + thread + " " + id);
    } else if (kind < 198 && thread == 1) {
      store.compact();
    } else if (kind < 200 && thread == 2) {
      store.backup(directory.resolveSibling("kill-backups"), new Retention(null, 2));
    }
  }

  private void batch(int thread, int size, String text, String scope) {
    var drafts = new ArrayList<Draft>();
    for (int i = 0; i < size; i++) {
      drafts.add(Draft.of(text + " b" + i + " of" + size));
    }
    var made = store.rememberAll(scope, drafts);
    for (int i = 0; i < size; i++) {
      said(thread, made.get(i).id(), made.get(i).revision(), text + " b" + i + " of" + size);
    }
  }

  private void said(int thread, UUID id, int revision, String text) {
    say("r " + thread + " " + id + " " + revision + " " + text);
  }
}
