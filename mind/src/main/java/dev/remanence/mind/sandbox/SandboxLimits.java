package dev.remanence.mind.sandbox;

import dev.remanence.RemanenceException.InvalidInput;
import java.time.Duration;

/// What one run may spend. Beyond any of these it ends; no code of the guest can catch that.
///
/// @param steps nodes evaluated, and units of work inside what is built in
/// @param time from the start of the run, by the clock
/// @param bytes allocated in all: what is let go is not given back
/// @param outputBytes of UTF-8 that `print` may write
/// @param hostCalls calls of functions that the host gave
/// @param depth calls within calls
/// @param sourceBytes of UTF-8 in the program
public record SandboxLimits(
    long steps,
    Duration time,
    long bytes,
    int outputBytes,
    int hostCalls,
    int depth,
    int sourceBytes) {

  /// 50 million steps, 30 seconds, 64 MiB allocated, 1 MiB of output, 1000 calls of the host, 200
  /// calls within calls, 256 KiB of source.
  public static final SandboxLimits DEFAULT =
      new SandboxLimits(
          50_000_000, Duration.ofSeconds(30), 64 << 20, 1 << 20, 1000, 200, 256 << 10);

  /// Levels of calls that the stack of a run was measured for.
  static final int DEPTH_MAX = 400;

  public SandboxLimits {
    require("steps", steps, Long.MAX_VALUE / 2);
    require("time", time.toMillis(), Duration.ofDays(1).toMillis());
    require("bytes", bytes, Long.MAX_VALUE / 2);
    require("outputBytes", outputBytes, Integer.MAX_VALUE / 4);
    require("hostCalls", hostCalls + 1L, Integer.MAX_VALUE);
    require("depth", depth, DEPTH_MAX);
    require("sourceBytes", sourceBytes, 16 << 20);
  }

  private static void require(String name, long value, long max) {
    if (value < 1 || value > max) {
      throw new InvalidInput(
          "limit out of range: " + name + "=" + value + ", max=" + max, "field", name);
    }
  }

  public SandboxLimits steps(long steps) {
    return new SandboxLimits(steps, time, bytes, outputBytes, hostCalls, depth, sourceBytes);
  }

  public SandboxLimits time(Duration time) {
    return new SandboxLimits(steps, time, bytes, outputBytes, hostCalls, depth, sourceBytes);
  }

  public SandboxLimits bytes(long bytes) {
    return new SandboxLimits(steps, time, bytes, outputBytes, hostCalls, depth, sourceBytes);
  }

  public SandboxLimits outputBytes(int outputBytes) {
    return new SandboxLimits(steps, time, bytes, outputBytes, hostCalls, depth, sourceBytes);
  }

  public SandboxLimits hostCalls(int hostCalls) {
    return new SandboxLimits(steps, time, bytes, outputBytes, hostCalls, depth, sourceBytes);
  }

  public SandboxLimits depth(int depth) {
    return new SandboxLimits(steps, time, bytes, outputBytes, hostCalls, depth, sourceBytes);
  }
}
