package dev.remanence.testkit;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A disk that fails on command, for all that this process does below one directory: through
/// SQLite, through channels, through streams.
///
/// The faults it may inject, and no others:
///
/// - Any operation fails and leaves the disk untouched: with an I/O error, a full disk or a
///   read-only one; once, or from some operation on.
/// - A write is short. The caller is told how much was written.
/// - The disk is full after so many bytes of growth; what is deleted gives nothing back.
/// - A sync fails. Its writes are lost to all later syncs, as on Linux.
/// - A sync takes time.
/// - The power is cut at an operation: it and all later ones fail. What was not synced then is, per
///   512-byte sector, as it was after any operation since its last sync; names made, removed or
///   renamed since their directory was synced are undone from the last back to any of them. A
///   created file exists once it is synced itself.
/// - A sync lies: it succeeds and makes nothing durable. No store survives this; it is the control
///   that must turn a checker red.
///
/// It does not flip bits that were synced, does not reorder what was synced, and does not touch
/// reads. Writes through a writable mapping are not seen: only SQLite's `-shm` files may have one,
/// and a cut leaves those empty, whole or as garbage.
///
/// An operation is a write, sync, truncation, or a name made, removed or renamed. Operations are
/// numbered from 1 after [#watch], [#reset] and [#applyCut].
///
/// The work is done by `libfaultydisk.so`, which stands in front of the C library's calls and has
/// to be preloaded: `LD_PRELOAD=$(testkit/faultydisk)`. There is one disk per process. Everything
/// that opens a file below the directory has to name it by the path given to [#watch], without
/// links or dots. Safe for all threads.
@SuppressWarnings("restricted") // Native calls are what this class is.
public final class FaultyDisk implements AutoCloseable {
  private static final Linker LINKER = Linker.nativeLinker();

  private static final @Nullable MethodHandle WATCH = find("faulty_watch");
  private static final @Nullable MethodHandle APPLY = find("faulty_apply");
  private static final @Nullable MethodHandle FAIL_AT = find("faulty_fail_at");
  private static final @Nullable MethodHandle FAIL_SYNC_AT = find("faulty_fail_sync_at");
  private static final @Nullable MethodHandle FAIL_FROM = find("faulty_fail_from");
  private static final @Nullable MethodHandle SHORT_AT = find("faulty_short_at");
  private static final @Nullable MethodHandle BUDGET = find("faulty_budget");
  private static final @Nullable MethodHandle DELAY = find("faulty_delay");
  private static final @Nullable MethodHandle LIE = find("faulty_lie");
  private static final @Nullable MethodHandle CUT_AT = find("faulty_cut_at");
  private static final @Nullable MethodHandle HEAL = find("faulty_heal");
  private static final @Nullable MethodHandle COUNT = find("faulty_count");
  private static final @Nullable MethodHandle INJECTED = find("faulty_injected");
  private static final @Nullable MethodHandle LAST = find("faulty_last");
  private static final @Nullable MethodHandle OPEN = find("faulty_open");

  private static final int ANY = 0;
  private static final int SYNC = 2;
  private static final int LOST = 0;
  private static final int KEPT = 1;
  private static final int TORN = 2;

  private static @Nullable FaultyDisk current;

  private final Path directory;

  private FaultyDisk(Path directory) {
    this.directory = directory;
  }

  /// Whether the library is preloaded into this process.
  public static boolean isPresent() {
    return WATCH != null;
  }

  /// Starts to watch a directory, which must exist and whose content counts as durable. Whatever is
  /// open below it already is not seen. Only one directory is watched at a time, until [#close].
  public static synchronized FaultyDisk watch(Path directory) {
    if (!isPresent()) {
      throw new IllegalStateException(
          "faulty disk is not preloaded: run with LD_PRELOAD=$(testkit/faultydisk)");
    }
    if (current != null) {
      throw new IllegalStateException("already watching: directory=" + current.directory);
    }
    try {
      var disk = new FaultyDisk(directory.toRealPath());
      disk.watch(disk.directory.toString());
      current = disk;
      return disk;
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot watch: directory=" + directory, e);
    }
  }

  /// The watched directory by the path that everything below it has to be opened by.
  public Path directory() {
    return directory;
  }

  /// The operations so far. None are counted after a cut.
  public long operations() {
    return call(COUNT, ANY, 0);
  }

  /// The syncs among the operations so far.
  public long syncs() {
    return call(COUNT, SYNC, 0);
  }

  /// How many operations this disk failed, shortened or was cut at. A test that asks for a fault
  /// and then finds zero here has tested nothing.
  public long faults() {
    return call(INJECTED, 0, 0);
  }

  /// What [#failAt], [#failFrom], [#shortWriteAt] or a cut last struck, for the message of a
  /// failing test. Empty when nothing was.
  public String lastFault() {
    return text(LAST);
  }

  /// Fails one operation.
  public FaultyDisk failAt(long operation, Fault fault) {
    call(FAIL_AT, positive(operation), fault.errno);
    return this;
  }

  /// Fails one sync, by its number among the syncs.
  public FaultyDisk failSyncAt(long sync, Fault fault) {
    call(FAIL_SYNC_AT, positive(sync), fault.errno);
    return this;
  }

  /// Fails an operation and every later one.
  public FaultyDisk failFrom(long operation, Fault fault) {
    call(FAIL_FROM, positive(operation), fault.errno);
    return this;
  }

  /// Lets one operation, if it is a write of more than so many bytes, write only those. Combine
  /// with [#failAt] for the next operation to make a disk that fills up in the middle of a write.
  public FaultyDisk shortWriteAt(long operation, int bytes) {
    call(SHORT_AT, positive(operation), positive(bytes));
    return this;
  }

  /// Lets the files grow by so many bytes from now on, then fails every write that grows one. The
  /// write that reaches the limit is short. Call again to give more room.
  public FaultyDisk fullAfter(long bytes) {
    call(BUDGET, bytes, 0);
    return this;
  }

  /// Makes every sync take this long, in parallel with others.
  public FaultyDisk syncDelayMicros(int micros) {
    call(DELAY, micros, 0);
    return this;
  }

  /// Makes every sync succeed without making anything durable.
  public FaultyDisk lyingSync() {
    call(LIE, 0, 0);
    return this;
  }

  /// Cuts the power at an operation. It fails and so does every later one, but it may have reached
  /// the disk.
  public FaultyDisk cutAt(long operation) {
    call(CUT_AT, positive(operation), 0);
    return this;
  }

  /// Cuts the power now.
  public FaultyDisk cut() {
    call(CUT_AT, 0, 0);
    return this;
  }

  /// Ends all faults but a cut. Operations and what is durable stay as they are.
  public FaultyDisk heal() {
    call(HEAL, 0, 0);
    return this;
  }

  /// Turns the directory into what a cut leaves, and the power on: the disk is healthy and all it
  /// holds is durable. Seed 0 loses everything that was not synced, seed 1 keeps it, any other
  /// draws. Everything below the directory must be closed; closing may fail, but must be tried.
  public FaultyDisk applyCut(long seed) {
    closed(call(APPLY, seed, seed == 0 ? LOST : seed == 1 ? KEPT : TORN));
    return this;
  }

  /// Starts anew on the directory as it is: healthy, everything durable, operations from 1.
  /// Everything below the directory must be closed.
  public FaultyDisk reset() {
    watch(directory.toString());
    return this;
  }

  /// Watches nothing any more. Everything below the directory must be closed.
  @Override
  public void close() {
    synchronized (FaultyDisk.class) {
      if (current == this) {
        watch("");
        current = null;
      }
    }
  }

  private void watch(String path) {
    try (var arena = Arena.ofConfined()) {
      closed(call(WATCH, arena.allocateFrom(path).address(), 0));
    }
  }

  private void closed(long descriptors) {
    if (descriptors < 0) {
      throw new IllegalStateException(
          "a file was mapped for writing, which the faulty disk does not see: directory="
              + directory);
    }
    if (descriptors > 0) {
      throw new IllegalStateException(
          "files are still open below the faulty disk: descriptors="
              + descriptors
              + ", one="
              + text(OPEN)
              + ", directory="
              + directory);
    }
  }

  private static String text(@Nullable MethodHandle function) {
    return MemorySegment.ofAddress(call(function, 0, 0)).reinterpret(Long.MAX_VALUE).getString(0);
  }

  private static long positive(long value) {
    if (value < 1) {
      throw new IllegalArgumentException("positive number expected: found=" + value);
    }
    return value;
  }

  private static long call(@Nullable MethodHandle function, long first, long second) {
    try {
      return (long) requireNonNull(function).invokeExact(first, second);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// The function in the preloaded instance of the library. Opening the file by its path instead
  /// would load a second instance, which stands in front of nothing, into a process started without
  /// it.
  private static @Nullable MethodHandle find(String name) {
    var dlsym = LINKER.defaultLookup().find("dlsym");
    if (dlsym.isEmpty()) {
      return null;
    }
    var type = FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    try (var arena = Arena.ofConfined()) {
      // NULL is RTLD_DEFAULT: the process's own search order, which starts with what is preloaded.
      var symbol =
          (MemorySegment)
              LINKER
                  .downcallHandle(dlsym.get(), type)
                  .invokeExact(MemorySegment.NULL, arena.allocateFrom(name));
      return symbol.address() == 0
          ? null
          : LINKER.downcallHandle(
              symbol,
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// How an operation fails.
  public enum Fault {
    /// `EIO`: the device is broken.
    INPUT_OUTPUT(5),
    /// `ENOSPC`: the device is full.
    FULL(28),
    /// `EROFS`: the file system was remounted read-only after an error.
    READ_ONLY(30);

    private final int errno;

    Fault(int errno) {
      this.errno = errno;
    }
  }
}
