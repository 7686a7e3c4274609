package dev.remanence.life;

import java.util.UUID;
import java.util.random.RandomGenerator;

/// Ids: UUID version 7, 48 bits of milliseconds and 74 random bits. Two of one millisecond are in
/// no order.
public final class Uuid7 {
  private Uuid7() {}

  public static UUID next(long millis, RandomGenerator random) {
    long high = (millis << 16) | 0x7000 | (random.nextLong() & 0x0FFF);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
