package dev.remanence.image;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Which kernel answers. The scalar one does, until the vector one is compiled and has shown to be
/// faster: before that each of its operations allocates, and it is slower a thousandfold.
///
/// A process that asks little never pays for that: the [#SCALAR_SEARCHES]th search starts a thread
/// of low priority that runs both on made-up codes, for [#WARM_UP_MAX_NANOS] at most. On a machine
/// where the vector kernel does not get faster the scalar one stays.
final class Kernels {
  static final int SCALAR_SEARCHES = 16;
  private static final long WARM_UP_MAX_NANOS = 30_000_000_000L;

  /// So many more rounds than it loses the vector kernel has to win.
  private static final int WINS = 50;

  private static final int DIMENSION = 384;
  private static final int VECTORS = VectorCodes.CODED_FROM + 256;

  private static final Kernel SCALAR = new ScalarKernel();
  private static final AtomicInteger SEARCHES = new AtomicInteger();
  private static volatile Kernel current = SCALAR;

  private Kernels() {}

  /// The kernel for a search that starts now.
  @SuppressWarnings("ThreadPriorityCheck") // A wish: the warm-up should not take from anyone.
  static Kernel current() {
    if (SEARCHES.get() < SCALAR_SEARCHES
        && SEARCHES.incrementAndGet() == SCALAR_SEARCHES
        && isPresent()) {
      Thread.ofPlatform()
          .daemon()
          .name("remanence-warm-up")
          .priority(Thread.MIN_PRIORITY)
          .start(Kernels::warmUp);
    }
    return current;
  }

  static boolean isPresent() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  static Kernel scalar() {
    return SCALAR;
  }

  /// The vector kernel, if [#isPresent].
  static Kernel vector() {
    return new VectorKernel();
  }

  /// Makes all searches from now on use one kernel.
  static void use(Kernel kernel) {
    SEARCHES.set(SCALAR_SEARCHES);
    current = kernel;
  }

  static String name() {
    return current instanceof VectorKernel ? "vector " + VectorKernel.BITS : "scalar";
  }

  private static void warmUp() {
    var random = new SplittableRandom(1);
    var codes = new VectorCodes(DIMENSION);
    for (int row = 0; row < VECTORS; row++) {
      codes.add(row, direction(random));
    }
    var vector = vector();
    int wins = 0;
    long start = System.nanoTime();
    while (wins < WINS && System.nanoTime() - start < WARM_UP_MAX_NANOS) {
      var query = VectorQuery.nearest(direction(random), 10);
      long before = System.nanoTime();
      new CodeSearch(codes, SCALAR, query, VECTORS).nearest();
      long between = System.nanoTime();
      new CodeSearch(codes, vector, query, VECTORS).nearest();
      long after = System.nanoTime();
      wins = after - between < between - before ? wins + 1 : Math.max(0, wins - 1);
    }
    if (wins == WINS) {
      current = vector;
    }
  }

  private static float[] direction(SplittableRandom random) {
    var direction = new float[DIMENSION];
    double squares = 0;
    for (int i = 0; i < DIMENSION; i++) {
      direction[i] = (float) (random.nextDouble() - 0.5);
      squares += direction[i] * direction[i];
    }
    for (int i = 0; i < DIMENSION; i++) {
      direction[i] /= (float) Math.sqrt(squares);
    }
    return direction;
  }
}
