package dev.remanence;

/// A watch that goes on until it is closed, the store is, or its consumer throws. Thread-safe.
public interface Watch extends AutoCloseable {
  boolean isOpen();

  /// Up to which position of the journal everything was told: what a later watch may begin after.
  long position();

  /// Ends it. Nothing is told after this returns but what is being told just then.
  @Override
  void close();
}
