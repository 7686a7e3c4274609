package dev.remanence.daemon.http;

/// The limits of the JDK's server, which it takes from system properties when it is first used, for
/// the whole process. What somebody has set is left as it is. The smaller limits that are answered
/// with a status are in [Request] and [Bodies]; these end what is beyond sense.
final class ServerLimits {
  static final int CONNECTIONS_MAX = 1024;
  private static final int IDLE_CONNECTIONS_MAX = 512;

  private ServerLimits() {}

  static void apply() {
    set("sun.net.httpserver.nodelay", "true");
    set("jdk.httpserver.maxConnections", CONNECTIONS_MAX);
    set("sun.net.httpserver.maxIdleConnections", IDLE_CONNECTIONS_MAX);
    // Seconds: a connection without a request, and a request from its first byte to its last.
    set("sun.net.httpserver.idleInterval", 60);
    set("sun.net.httpserver.maxReqTime", 60);
    set("sun.net.httpserver.maxReqHeaders", 200);
    set("sun.net.httpserver.maxReqHeaderSize", 64 << 10);
    // maxRspTime would end long calls and streams; Patience watches what is written instead.
  }

  private static void set(String name, long value) {
    set(name, Long.toString(value));
  }

  private static void set(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
