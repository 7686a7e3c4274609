package dev.remanence.torture;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.AsOf;
import dev.remanence.Change;
import dev.remanence.Draft;
import dev.remanence.Filter;
import dev.remanence.ImportOptions;
import dev.remanence.Memory;
import dev.remanence.OpenOptions;
import dev.remanence.Patch;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.DiskFull;
import dev.remanence.RemanenceException.WriteStopped;
import dev.remanence.Retention;
import dev.remanence.StoreCare;
import dev.remanence.testkit.FaultyDisk;
import dev.remanence.testkit.FaultyDisk.Fault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Thirty operations of every kind on a store, with a fault at every operation of its disk in turn.
///
/// What must hold, wherever the fault strikes:
///
/// - nothing but a [RemanenceException] comes out, and out of a plain write only `DiskFull` or
///   `WriteStopped`;
/// - after `WriteStopped` every write says so until the store is opened again; after `DiskFull` and
///   with room again, writing goes on;
/// - reads go on, and a list shows what was acknowledged;
/// - with the disk whole again, the store opens, all that was acknowledged is there, what was not
///   is there as a whole or not at all, and `verify --deep` finds nothing;
/// - no file holds a trace of what was erased, whether that was acknowledged or cut short and
///   finished at the next open.
///
/// An input/output error at any operation of a compaction, of an erasure or of a signed head stops
/// writing as one of a plain write does, with the first cause kept. One in a checkpoint of the
/// write-ahead log does so after the commit that made it long was answered; from then on nothing is
/// written, not at closing either, and a power cut takes nothing that was acknowledged.
///
/// The planted bug: on a disk whose sync lies, the same check must find acknowledged writes lost.
@NullMarked
@Tag("faulty")
class FaultTest {
  /// Every so many operations; more than one only where a machine is too slow for all of them.
  private static final int STRIDE = Integer.getInteger("remanence.stride", 1);

  private static final int FIRST = Integer.getInteger("remanence.first", 1);

  /// Without the daemon, whose own files would be counted among the operations.
  private static final OpenOptions ALONE =
      OpenOptions.DEFAULT.tool("fault").lockWait(Duration.ofMillis(1)).shared(false);

  @TempDir Path temp;

  private byte[] imported = new byte[0];

  @BeforeEach
  void makeImport() {
    try (var store = Remanence.open(temp.resolve("elsewhere"), ALONE)) {
      store.remember("imported", Draft.of("from elsewhere"));
      var out = new ByteArrayOutputStream();
      store.exportTo(out, Remanence.Progress.NONE);
      imported = out.toByteArray();
    }
  }

  @Test
  void workload_healthyDisk_doesEverything() throws Exception {
    try (var run = new Run("healthy")) {
      run.work();
      assertThat(run.failures).isEmpty();
      run.check();
      assertThat(run.disk.operations()).isGreaterThan(200);
    }
  }

  @Test
  void everyOperation_failsWithInputOutputError() throws Exception {
    everyOperation("eio", (disk, n) -> disk.failAt(n, Fault.INPUT_OUTPUT), false, 1);
  }

  @Test
  void everyOperation_failsForWantOfRoom() throws Exception {
    everyOperation("full", (disk, n) -> disk.failAt(n, Fault.FULL), false, 3);
  }

  @Test
  void everyOperation_andAllLaterOnesFailForWantOfRoom() throws Exception {
    everyOperation("fullFrom", (disk, n) -> disk.failFrom(n, Fault.FULL), true, 4);
  }

  @Test
  void everyOperation_isAShortWriteBeforeTheDiskIsFull() throws Exception {
    everyOperation(
        "short", (disk, n) -> disk.shortWriteAt(n, 100).failAt(n + 1, Fault.FULL), false, 4);
  }

  @Test
  void everyOperation_onADiskThatTurnsReadOnly() throws Exception {
    everyOperation("readOnly", (disk, n) -> disk.failFrom(n, Fault.READ_ONLY), false, 6);
  }

  @Test
  void everyOperation_powerCut_unsyncedLost() throws Exception {
    everyCut("lost", 0, 2);
  }

  @Test
  void everyOperation_powerCut_unsyncedTorn() throws Exception {
    everyCut("torn", 2, 1);
  }

  @Test
  void everyOperation_powerCut_unsyncedKept() throws Exception {
    everyCut("kept", 1, 6);
  }

  @Test
  void everyOperation_powerCutOnALyingDisk_losesWhatWasAcknowledged() throws Exception {
    int red = 0;
    long operations = operations();
    for (long n = 20; n <= operations && red < 3; n += operations / 20) {
      try (var run = new Run("lie" + n)) {
        run.disk.lyingSync().cutAt(n);
        run.work();
        run.cut(0);
        run.check();
      } catch (AssertionError | RemanenceException e) {
        red++;
      }
    }
    assertThat(red).isGreaterThanOrEqualTo(3);
  }

  @Test
  void everyOperationOfACompaction_failsWithInputOutputError_stopsWriting() throws Exception {
    everyOperationOf(Remanence::compact);
  }

  @Test
  void everyOperationOfAnErasure_failsWithInputOutputError_stopsWriting() throws Exception {
    everyOperationOf(store -> store.erase(ERASED, "erased"));
  }

  @Test
  void everyOperationOfAnAnchor_failsWithInputOutputError_stopsWriting() throws Exception {
    everyOperationOf(store -> store.saveAnchor(temp.resolve("anchor")));
  }

  @Test
  void operationsOfACheckpoint_failWithInputOutputError_stopWriting() throws Exception {
    Checkpoints.Span span;
    try (var disk = FaultyDisk.watch(Files.createDirectory(temp.resolve("span")));
        var store = Remanence.open(disk.directory().resolve("store"), ALONE)) {
      span = Checkpoints.span(disk, store);
    }
    var struck = new HashSet<String>();
    for (long n : span.operations()) {
      struck.add(strikeCheckpoint(disk -> disk.failAt(disk.operations() + n, Fault.INPUT_OUTPUT)));
    }
    for (int n = 1; n <= Checkpoints.SYNCS; n++) {
      long sync = n;
      struck.add(
          strikeCheckpoint(disk -> disk.failSyncAt(disk.syncs() + sync, Fault.INPUT_OUTPUT)));
    }
    assertThat(struck)
        .describedAs(span.toString())
        .contains("write journal.db", "sync journal.db", "sync journal.db-wal");
  }

  /// Lets something fail from the commit on after which a checkpoint comes. Answers what was struck
  /// of the checkpoint, or nothing where a commit was.
  private String strikeCheckpoint(Consumer<FaultyDisk> strike) throws Exception {
    try (var disk = FaultyDisk.watch(Files.createTempDirectory(temp, "checkpoint"))) {
      var directory = disk.directory().resolve("store");
      boolean acknowledged;
      long operations;
      int texts;
      try (var store = Remanence.open(directory, ALONE)) {
        int before = Checkpoints.fill(store, directory) + 2;
        Checkpoints.write(store, before - 1, before);
        strike.accept(disk);
        acknowledged = failureOf(() -> Checkpoints.write(store, before + 1, before + 2)) == null;
        texts = acknowledged ? before + 2 : before;
        var later = failureOf(() -> Checkpoints.writeMark(store));
        assertThat(disk.faults()).isOne();
        assertThat(later).describedAs(disk.lastFault()).isInstanceOf(WriteStopped.class);
        operations = disk.operations();
        assertThat(store.get(Checkpoints.text(1)).text()).isEqualTo(Checkpoints.noise(1));
      }
      var fault = disk.lastFault();
      assertThat(disk.operations()).describedAs("closing after " + fault).isEqualTo(operations);
      disk.heal().applyCut(0);
      try (var store = Remanence.open(directory, ALONE)) {
        assertThat(store.verify(true, null).problems()).describedAs(fault).isEmpty();
        for (int i = 1; i <= texts; i++) {
          assertThat(store.get(Checkpoints.text(i)).text())
              .describedAs(fault)
              .isEqualTo(Checkpoints.noise(i));
        }
      }
      var kind = fault.replaceAll(".*kind=(\\w+),.*", "$1");
      return acknowledged
          ? kind + " " + Path.of(fault.replaceAll(".*path=", "")).getFileName()
          : "";
    }
  }

  /// A store that is filled until its write-ahead log is nearly long: then two large texts in one
  /// commit make it so, and a small mark's answer tells that what came after them is over.
  private static final class Checkpoints {
    /// What docs/data-file.md calls long: 8000 pages, each with a header of 24 bytes.
    private static final long LONG_BYTES = 8000L * (4096 + 24);

    /// Of the log by the commit, of the log and of the database by the checkpoint, and one more.
    static final int SYNCS = 4;

    private static final int TEXT_CHARS = 1_000_000;

    /// Signs make no words, so that the disk and not the analysis takes the time.
    private static final String SIGNS = "!#$%&()*+,-./:;<=>?@[]^_`{|}~";

    private Checkpoints() {}

    /// Where the first checkpoint lies, since before the last texts. Operations are a few more or
    /// less in the next store, as random ids fill other pages; syncs are not.
    ///
    /// @param first operation of the checkpoint
    /// @param last operation of the checkpoint
    record Span(long first, long last) {
      /// Around its begin, and some on the way.
      List<Long> operations() {
        var all = new ArrayList<Long>();
        for (long n = first - 2; n < first + 4; n++) {
          all.add(n);
        }
        for (int part = 1; part < 5; part++) {
          all.add(first + (last - first) * part / 5);
        }
        return all;
      }
    }

    static Span span(FaultyDisk disk, Remanence store) throws IOException {
      var directory = disk.directory().resolve("store");
      int texts = fill(store, directory);
      long before = disk.operations();
      writeMark(store);
      long ofMark = disk.operations() - before;
      before = disk.operations();
      write(store, texts + 1, texts + 2);
      long ofCommit = disk.operations() - before;

      long size = Files.size(directory.resolve("journal.db"));
      before = disk.operations();
      write(store, texts + 3, texts + 4);
      writeMark(store);
      assertThat(Files.size(directory.resolve("journal.db"))).isGreaterThan(size);
      long last = disk.operations() - before - ofMark;
      return new Span(ofCommit + 1, last);
    }

    /// Writes texts until two more fit, and the two after those make the log long. Answers how
    /// many.
    static int fill(Remanence store, Path directory) throws IOException {
      var log = directory.resolve("journal.db-wal");
      write(store, 1);
      long one = Files.size(log);
      int texts = 1;
      while (Files.size(log) < LONG_BYTES - 3.3 * one) {
        write(store, ++texts);
      }
      return texts;
    }

    static void write(Remanence store, int... texts) {
      store.rememberAll(
          "fault/long",
          Arrays.stream(texts).mapToObj(i -> Draft.of(noise(i)).id(text(i))).toList());
    }

    static void writeMark(Remanence store) {
      store.remember("fault/mark", Draft.of("written after the texts"));
    }

    static UUID text(int i) {
      return new UUID(0x0190000000007000L, 0x8000000000000000L + i);
    }

    static String noise(int seed) {
      var text = new StringBuilder(TEXT_CHARS);
      new SplittableRandom(seed)
          .ints(TEXT_CHARS, 0, SIGNS.length())
          .forEach(i -> text.append(SIGNS.charAt(i)));
      return text.toString();
    }
  }

  private static final UUID KEPT = new UUID(0x0190000000007000L, 0x8000000000000001L);
  private static final UUID ERASED = new UUID(0x0190000000007000L, 0x8000000000000002L);

  private void everyOperationOf(Step step) throws Exception {
    long n = 1;
    while (strike(n, step)) {
      n++;
    }
    assertThat(n).isGreaterThan(2);
  }

  /// Fails the n-th operation of a step on a store. Answers whether there was such an operation.
  private boolean strike(long n, Step step) throws Exception {
    try (var disk = FaultyDisk.watch(Files.createDirectory(temp.resolve("strike" + n)))) {
      var directory = disk.directory().resolve("store");
      try (var store = Remanence.open(directory, ALONE)) {
        store.remember("fault/main", Draft.of("stays").id(KEPT));
        store.remember("fault/main", Draft.of("goes").id(ERASED));
        disk.failAt(disk.operations() + n, Fault.INPUT_OUTPUT);
        var first = failureOf(() -> step.run(store));
        if (disk.faults() == 0) {
          assertThat(first).isNull();
          return false;
        }
        var later = failureOf(() -> store.remember("fault/main", Draft.of("later")));
        if (first == null) {
          // The JDK makes a directory again that it could not make at once.
          assertThat(disk.lastFault()).contains("kind=mkdir");
          assertThat(later).isNull();
          return true;
        }
        assertThat(first).describedAs(disk.lastFault()).isInstanceOf(WriteStopped.class);
        assertThat(later).describedAs(disk.lastFault()).isInstanceOf(WriteStopped.class);
        assertThat(requireNonNull(later).getCause()).isSameAs(first.getCause());
        assertThat(store.get(KEPT).text()).isEqualTo("stays");
      }
      disk.heal();
      try (var store = Remanence.open(directory, ALONE)) {
        assertThat(store.verify(true, null).problems()).describedAs(disk.lastFault()).isEmpty();
        assertThat(store.get(KEPT).text()).isEqualTo("stays");
      }
      return true;
    }
  }

  private static @Nullable RemanenceException failureOf(Run.Caring caring) throws Exception {
    try {
      caring.run();
      return null;
    } catch (RemanenceException e) {
      return e;
    }
  }

  private interface Planting {
    void plant(FaultyDisk disk, long operation);
  }

  /// How many operations the workload makes on a healthy disk.
  private long operations() throws Exception {
    try (var run = new Run("count")) {
      run.work();
      return run.disk.operations();
    }
  }

  private void everyOperation(String name, Planting planting, boolean healsAtFailure, int thinning)
      throws Exception {
    long operations = operations();
    for (long n = FIRST; n <= operations; n += (long) STRIDE * thinning) {
      try (var run = new Run(name + n)) {
        planting.plant(run.disk, n);
        run.healsAtFailure = healsAtFailure;
        run.work();
        run.disk.heal();
        run.check();
      } catch (AssertionError | RuntimeException e) {
        throw replay(name, n, e);
      }
    }
  }

  private void everyCut(String name, long seed, int thinning) throws Exception {
    long operations = operations();
    for (long n = FIRST; n <= operations; n += (long) STRIDE * thinning) {
      try (var run = new Run(name + n)) {
        run.disk.cutAt(n);
        run.work();
        run.cut(seed == 2 ? 2 + n : seed);
        run.check();
      } catch (AssertionError | RuntimeException e) {
        throw replay(name, n, e);
      }
    }
  }

  private static AssertionError replay(String name, long n, Throwable failure) {
    return new AssertionError(
        "to replay: -Dremanence.first=" + n + " (" + name + "): " + failure.getMessage(), failure);
  }

  /// One step of the workload.
  private interface Step {
    void run(Remanence store) throws Exception;
  }

  private enum Writes {
    /// Goes through the writer and nothing else.
    PLAIN,
    /// Touches other files besides.
    MORE,
    NO
  }

  /// The workload on one disk, with what may be found afterwards.
  private final class Run implements AutoCloseable {
    private static final String SCOPE = "fault/main";

    /// Stands for the text of a memory that is not there.
    private static final String ABSENT = "(absent)";

    final FaultyDisk disk;
    final Map<String, RemanenceException> failures = new LinkedHashMap<>();
    boolean healsAtFailure;

    private final Path root;
    private final Path directory;
    private @Nullable Remanence store;
    private boolean stopped;
    private boolean wasCut;
    private boolean wasFull;
    private long faultsSeen;

    /// What a memory may say.
    private final Map<UUID, Set<String>> allowed = new LinkedHashMap<>();

    private final List<List<UUID>> batches = new ArrayList<>();
    private final Map<UUID, Traces> traces = new LinkedHashMap<>();
    private final Set<UUID> surelyErased = new HashSet<>();
    private int ids;

    Run(String name) throws IOException {
      root = Files.createDirectory(temp.resolve(name));
      disk = FaultyDisk.watch(root);
      directory = disk.directory().resolve("store");
    }

    // The workload

    void work() throws Exception {
      open();
      var a = id();
      var b = id();
      var key = id();
      var big = id();
      remember("remember a", a, "alpha memory of the fault test");
      remember("remember b", b, "beta memory of the fault test");
      batch("batch of 3", 3);
      revise("revise a", a, "alpha, revised by the fault test");
      keyed("remember a key", key, "first value of the key", true);
      keyed("remember the key again", key, "second value of the key", false);
      say(
          "supersede the key",
          key,
          "third value of the key",
          real ->
              real.supersede(
                  SCOPE,
                  Draft.of("third value of the key")
                      .key("city")
                      .at(Instant.now().plusSeconds(3600))));
      step("link", Writes.PLAIN, real -> real.link(a, "supports", b));
      remember("remember much", big, noise(9_000));
      forget("forget b", b);
      batch("batch of 20", 20);
      step("uses", Writes.NO, real -> real.get(a));
      step("repeat", Writes.PLAIN, real -> real.remember("fault/repeat", Draft.of("said twice")));
      step("repeat", Writes.PLAIN, real -> real.remember("fault/repeat", Draft.of("said twice")));
      erase("erase the key", key);
      step("branch", Writes.PLAIN, real -> real.branch(a, "draft", null, null));
      step(
          "revise the branch",
          Writes.PLAIN,
          real -> real.revise(a, new Patch().branch("draft").importance(0.9)));
      step(
          "merge",
          Writes.PLAIN,
          real -> real.merge(a, "draft", AsOf.MAIN, Remanence.Prefer.THEIRS, null));
      step("backup", Writes.MORE, real -> real.backup(backups(), Retention.FOREVER));
      step(
          "import",
          Writes.PLAIN,
          real ->
              real.importFrom(
                  new ByteArrayInputStream(imported),
                  ImportOptions.DEFAULT,
                  Remanence.Progress.NONE));
      step("compact", Writes.MORE, Remanence::compact);
      step(
          "export",
          Writes.NO,
          real -> real.exportTo(new ByteArrayOutputStream(), Remanence.Progress.NONE));
      eraseScope();
      revise("revise much", big, noise(6_000));
      erase("erase much", big);
      step("revert", Writes.PLAIN, real -> real.revert(a, 2, null));
      step("save an anchor", Writes.MORE, real -> real.saveAnchor(root("anchor")));
      shut();
      open();
      remember("remember after opening", id(), "written after it was opened again");
      shut();
      care("restore", () -> StoreCare.restore(backups(), root("restored"), null));
      care("repair", () -> StoreCare.repair(directory));
      open();
      remember("remember after repair", id(), "written after it was repaired");
      shut();
    }

    private Path root(String name) {
      return disk.directory().resolve(name);
    }

    private Path backups() {
      return root("backups");
    }

    private UUID id() {
      return new UUID(0x0190000000007000L, 0x8000000000000000L + ++ids);
    }

    private String noise(int length) {
      var random = new SplittableRandom(length);
      var text = new StringBuilder();
      while (text.length() < length) {
        text.append(Long.toString(random.nextLong(), 36)).append(' ');
      }
      return text.toString();
    }

    private void remember(String name, UUID id, String text) throws Exception {
      say(name, id, text, real -> real.remember(SCOPE, Draft.of(text).id(id)));
    }

    private void revise(String name, UUID id, String text) throws Exception {
      say(name, id, text, real -> real.revise(id, new Patch().text(text)));
    }

    private void keyed(String name, UUID id, String text, boolean first) throws Exception {
      say(
          name,
          id,
          text,
          real -> real.remember(SCOPE, Draft.of(text).key("city").id(first ? id : null)));
    }

    /// A step after which a memory says a text, and before which it said another.
    private void say(String name, UUID id, String text, Step step) throws Exception {
      if (text.contains("of the key") && !text.startsWith("first") && !isThere(id)) {
        return;
      }
      var before = allowed.computeIfAbsent(id, _ -> Set.of(ABSENT));
      var during = new HashSet<>(before);
      during.add(text);
      allowed.put(id, during);
      if (step(name, Writes.PLAIN, step)) {
        allowed.put(id, Set.of(text));
      }
    }

    private void orAbsent(UUID id) {
      var texts = new HashSet<>(allowed.getOrDefault(id, Set.of(ABSENT)));
      texts.add(ABSENT);
      allowed.put(id, texts);
    }

    private boolean isThere(UUID id) {
      return !allowed.getOrDefault(id, Set.of(ABSENT)).contains(ABSENT);
    }

    private void batch(String name, int size) throws Exception {
      var members = new ArrayList<UUID>();
      var drafts = new ArrayList<Draft>();
      for (int i = 0; i < size; i++) {
        var id = id();
        members.add(id);
        drafts.add(Draft.of(name + " number " + i).id(id));
        allowed.put(id, Set.of(ABSENT, name + " number " + i));
      }
      batches.add(members);
      if (step(name, Writes.PLAIN, real -> real.rememberAll(SCOPE, drafts))) {
        for (int i = 0; i < size; i++) {
          allowed.put(members.get(i), Set.of(name + " number " + i));
        }
      }
    }

    private void forget(String name, UUID id) throws Exception {
      orAbsent(id);
      if (step(name, Writes.PLAIN, real -> real.forget(id, "forgotten"))) {
        allowed.put(id, Set.of(ABSENT));
      }
    }

    private void erase(String name, UUID id) throws Exception {
      orAbsent(id);
      look(List.of(id));
      if (step(name, Writes.MORE, real -> real.erase(id, "erased"))) {
        allowed.put(id, Set.of(ABSENT));
        surelyErased.add(id);
      }
    }

    private void eraseScope() throws Exception {
      var id = id();
      say(
          "remember a secret",
          id,
          "a secret of the scope",
          real -> real.remember("fault/secret", Draft.of("a secret of the scope").id(id)));
      look(List.of(id));
      orAbsent(id);
      if (step("erase a scope", Writes.MORE, real -> real.eraseScope("fault/secret", true, null))) {
        allowed.put(id, Set.of(ABSENT));
        surelyErased.add(id);
      }
    }

    /// Notes by which bytes memories can be recognised, before they are erased.
    private void look(List<UUID> memories) {
      for (var id : memories) {
        if (isThere(id) && !wasCut && store != null) {
          try {
            var found = Traces.of(directory, Set.of(id));
            assertThat(found.isEmpty()).isFalse();
            traces.put(id, found);
          } catch (SQLException e) {
            // A disk that is off shows nothing; then there is nothing to be recognised by.
          }
        }
      }
    }

    // Steps and their failures

    private boolean step(String name, Writes writes, Step step) throws Exception {
      var real = store;
      if (real == null) {
        return false;
      }
      try {
        step.run(real);
        if (writes == Writes.PLAIN) {
          assertThat(stopped).describedAs("'%s' was written after WriteStopped", name).isFalse();
        }
        return true;
      } catch (RemanenceException e) {
        failed(name, writes, e);
        return false;
      }
    }

    private void failed(String name, Writes writes, RemanenceException failure) {
      boolean known = isConsequence(failure);
      failures.put(failures.size() + " " + name, failure);
      if (wasCut || disk.lastFault().contains("cut")) {
        return;
      }
      if (writes == Writes.PLAIN && !known) {
        assertThat(failure)
            .describedAs("'%s' fails as a write, after %s", name, disk.lastFault())
            .isInstanceOfAny(DiskFull.class, WriteStopped.class);
      }
      if (stopped && writes == Writes.PLAIN && !known) {
        assertThat(failure).isInstanceOf(WriteStopped.class);
      }
      if (failure instanceof WriteStopped && !stopped && wasFull) {
        assertThat(disk.faults())
            .describedAs("'%s' fails after DiskFull and without another fault: %s", name, failure)
            .isGreaterThan(faultsSeen);
      }
      stopped |= failure instanceof WriteStopped;
      wasFull = failure instanceof DiskFull;
      faultsSeen = disk.faults();
      if (failure instanceof DiskFull && healsAtFailure) {
        disk.heal();
        var probe = id();
        allowed.put(probe, Set.of(ABSENT, "there is room again"));
        if (!stopped && store != null) {
          store.remember(SCOPE, Draft.of("there is room again").id(probe));
          allowed.put(probe, Set.of("there is room again"));
        }
      }
    }

    /// A step may be about something that an earlier failure left out.
    private boolean isConsequence(RemanenceException failure) {
      return !failures.isEmpty()
          && (failure instanceof RemanenceException.NotFound
              || failure instanceof RemanenceException.Conflict
              || failure instanceof RemanenceException.InvalidInput
              || failure instanceof RemanenceException.StoreClosed);
    }

    private void open() {
      try {
        store = Remanence.open(directory, ALONE);
        stopped = false;
      } catch (RemanenceException e) {
        failures.put(failures.size() + " open", e);
        store = null;
        if (healsAtFailure && !disk.lastFault().contains("cut")) {
          disk.heal();
          store = Remanence.open(directory, ALONE);
          stopped = false;
        }
      }
    }

    private void shut() {
      if (store != null && !wasCut && !disk.lastFault().contains("cut")) {
        checkReads(store);
      }
      try {
        if (store != null) {
          store.close();
        }
      } catch (RemanenceException e) {
        failures.put(failures.size() + " close", e);
      } finally {
        store = null;
      }
    }

    private interface Caring {
      void run() throws Exception;
    }

    private void care(String name, Caring caring) throws Exception {
      try {
        caring.run();
      } catch (RemanenceException e) {
        failures.put(failures.size() + " " + name, e);
      }
    }

    void cut(long seed) {
      wasCut = true;
      shut();
      disk.applyCut(seed);
    }

    // What must hold

    void check() throws Exception {
      shut();
      if (Files.notExists(directory.resolve("journal.db"))) {
        allowed.forEach((id, texts) ->
            assertThat(texts).describedAs("%s without a store", id).contains(ABSENT));
        return;
      }
      try (var real = Remanence.open(directory, ALONE)) {
        assertThat(real.verify(true, null).problems())
            .describedAs("verify after %s, %s", disk.lastFault(), failures)
            .isEmpty();
        checkReads(real);
        for (var members : batches) {
          assertThat(members.stream().filter(id -> !current(real, id).equals(ABSENT)).count())
              .describedAs("a batch after %s", disk.lastFault())
              .isIn(0L, (long) members.size());
        }
        checkErased(real);
      }
    }

    private void checkReads(Remanence real) {
      allowed.forEach((id, texts) ->
          assertThat(texts)
              .describedAs("memory %s after %s, %s", id, disk.lastFault(), failures)
              .contains(current(real, id)));
      List<UUID> listed;
      try (var stream = real.stream("fault", Filter.ALL, true)) {
        listed = stream.map(Memory::id).toList();
      }
      allowed.forEach((id, texts) -> {
        boolean there = !current(real, id).equals(ABSENT);
        assertThat(listed.contains(id))
            .describedAs("memory %s is listed, after %s, %s", id, disk.lastFault(), failures)
            .isEqualTo(there);
      });
    }

    private static String current(Remanence real, UUID id) {
      try {
        return String.valueOf(real.get(id).text());
      } catch (RemanenceException.NotFound e) {
        return ABSENT;
      }
    }

    private void checkErased(Remanence real) throws Exception {
      for (Map.Entry<UUID, Traces> each : traces.entrySet()) {
        boolean erased;
        try {
          erased = real.history(each.getKey()).getLast().change() == Change.ERASE;
        } catch (RemanenceException.NotFound e) {
          erased = false;
        }
        if (surelyErased.contains(each.getKey())) {
          assertThat(erased).describedAs("%s stays erased", each.getKey()).isTrue();
        }
        if (erased) {
          assertThat(each.getValue().foundIn(directory))
              .describedAs("traces after %s, %s", disk.lastFault(), failures)
              .isEmpty();
        }
      }
    }

    @Override
    public void close() {
      shut();
      try {
        disk.heal().close();
      } catch (IllegalStateException e) {
        // Something is still open. It was told; the next run has a disk of its own.
        disk.heal().close();
      }
    }
  }
}
