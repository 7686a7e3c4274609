package dev.remanence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifierTest {
  @TempDir Path temp;

  @Test
  void verify_afterAnySequenceOfChanges_findsNothing() {
    for (long seed = 1; seed <= 20; seed++) {
      var store = temp.resolve("store" + seed);
      ChurnedStore.make(store, seed, 600);
      var verification = Verifier.verifyStore(store, true, null);
      assertThat(verification.problems()).as("seed " + seed).isEmpty();
      System.err.println(verification);
    }
  }
}
