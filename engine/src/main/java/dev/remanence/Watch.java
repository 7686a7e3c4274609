package dev.remanence;

/// A watch that goes on until it is closed, the store is, or its consumer throws. Thread-safe.
public interface Watch extends AutoCloseable {
  boolean isOpen();

  /// Ends it. Nothing is told after this returns but what is being told just then.
  @Override
  void close();
}
