package dev.remanence.daemon.client;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.StoreLocked;
import dev.remanence.Watch;
import dev.remanence.WatchEvent;
import dev.remanence.daemon.protocol.Shape;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A watch over a connection of its own, on a virtual thread of its own. Where the owner ends, it
/// goes on with the next one after the last event that was told, and where that is this very
/// process, with the journal itself.
///
/// A consumer that is slow leaves what comes next in the connection; the owner, who does not wait
/// for ever, may close that, and the watch begins another. Thread-safe.
final class OwnerWatch implements Watch, Runnable {
  private static final System.Logger LOG = System.getLogger("dev.remanence");

  private final OwnerLink link;
  private final @Nullable String scope;
  private final boolean recursive;
  private final Consumer<WatchEvent> consumer;

  /// Up to where everything was told over connections.
  private volatile long told;

  private volatile boolean open = true;

  /// Guarded by this watch: what tells, one of them, from the beginning on.
  private @Nullable RpcClient client;

  private @Nullable Watch own;

  OwnerWatch(
      OwnerLink link, @Nullable String scope, boolean recursive, Consumer<WatchEvent> consumer) {
    this.link = link;
    this.scope = scope;
    this.recursive = recursive;
    this.consumer = consumer;
  }

  /// Throws what the owner refuses.
  ///
  /// @param since null for now
  void begin(@Nullable Long since) {
    try {
      connect(since);
    } catch (RemanenceException e) {
      close();
      throw e;
    }
    Thread.ofVirtual().name("remanence-watch").start(this);
  }

  /// Finds the owner that tells what comes after a position, until there is one.
  private void connect(@Nullable Long since) {
    while (true) {
      try {
        var place = link.place();
        if (place.own() != null) {
          tells(null, place.own().watch(scope, recursive, since, consumer));
        } else if (place.client() != null) {
          told = place.client().watch(params(since));
          tells(place.client(), null);
        }
        return;
      } catch (ConnectionLost _) {
        // The owner has just ended.
      }
    }
  }

  private synchronized void tells(@Nullable RpcClient next, @Nullable Watch store) {
    client = next;
    own = store;
    if (!open) {
      close();
    }
  }

  private Json.Obj params(@Nullable Long since) {
    var params = new Shape().put("scope", Encoded.optionalText("scope", scope));
    if (since != null) {
      params.put("since", since.longValue());
    }
    return params.put("recursive", recursive).build();
  }

  @Override
  public void run() {
    try {
      while (open && own() == null) {
        goOn();
      }
    } catch (RuntimeException e) {
      if (open) {
        LOG.log(System.Logger.Level.WARNING, "a watch has ended: " + e);
      }
      close();
    }
  }

  private void goOn() {
    try {
      var from = client();
      while (open && from != null) {
        tell(Decoded.event(Answer.of(from.nextEvent())));
      }
    } catch (ConnectionLost _) {
      reconnect();
    }
  }

  private void reconnect() {
    try {
      if (open) {
        connect(told);
      }
    } catch (StoreLocked e) {
      // By somebody who serves nobody, such as a repair: waited for as long as this watch is open.
      LOG.log(System.Logger.Level.WARNING, "a watch waits for the store: " + e.getMessage());
    }
  }

  private void tell(WatchEvent event) {
    if (open) {
      consumer.accept(event);
      told = event.position();
    }
  }

  private synchronized @Nullable RpcClient client() {
    return client;
  }

  private synchronized @Nullable Watch own() {
    return own;
  }

  @Override
  public boolean isOpen() {
    var present = own();
    return open && (present == null || present.isOpen());
  }

  @Override
  public long position() {
    var present = own();
    return present == null ? told : present.position();
  }

  @Override
  public void close() {
    open = false;
    synchronized (this) {
      if (client != null) {
        client.close();
      }
      if (own != null) {
        own.close();
      }
    }
    link.ended(this);
  }
}
