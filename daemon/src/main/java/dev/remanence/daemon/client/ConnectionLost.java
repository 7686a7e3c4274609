package dev.remanence.daemon.client;

import dev.remanence.RemanenceException.Unavailable;

/// The connection to the owner ended. What was not sent was not done; of what was sent nobody
/// knows.
public final class ConnectionLost extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean sent;

  ConnectionLost(boolean sent, Throwable cause) {
    super(cause);
    this.sent = sent;
  }

  /// Whether the call that it ended may have been done.
  public boolean wasSent() {
    return sent;
  }

  /// What the caller is told where the call cannot be repeated for it.
  public Unavailable told(String method) {
    return sent
        ? new Unavailable(
            "the owner of the store ended during "
                + method
                + ", and nobody knows whether it was done; say it again: with the same id, or the"
                + " same content, it is one memory",
            this,
            "done",
            "unknown")
        : new Unavailable(
            "the owner of the store ended before " + method + " was sent; say it again",
            this,
            "done",
            "no");
  }
}
