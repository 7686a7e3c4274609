package dev.remanence.image;

/// A snapshot that is passed over, and why. The image is built from the journal instead.
final class UnusableSnapshot extends Exception {
  private static final long serialVersionUID = 1;

  UnusableSnapshot(String why) {
    super(why);
  }
}
