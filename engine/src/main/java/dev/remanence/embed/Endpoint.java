package dev.remanence.embed;

import dev.remanence.RemanenceException.InvalidInput;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A server that embeds, as a setting names it:
///
/// ```
/// openai:https://host/v1#MODEL            POST https://host/v1/embeddings
/// ollama:http://localhost:11434#MODEL     POST http://localhost:11434/api/embed
/// …#MODEL,key=VARIABLE                    the environment variable that holds the key
/// …#MODEL,seconds=20                      how long a vector may take, retries included
/// ```
///
/// The key itself is never part of a setting: settings are stored and shown.
record Endpoint(
    Shape shape, URI base, String model, @Nullable String keyVariable, Duration deadline) {

  enum Shape {
    OPENAI("openai", "/embeddings"),
    OLLAMA("ollama", "/api/embed");

    final String prefix;
    final String path;

    Shape(String prefix, String path) {
      this.prefix = prefix;
      this.path = path;
    }
  }

  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int DEADLINE_SECONDS_MAX = 600;
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,3}");

  /// Reads what follows the shape's name and colon.
  static Endpoint parse(Shape shape, String text) {
    int hash = text.indexOf('#');
    var parts = hash < 0 ? new String[] {""} : text.substring(hash + 1).split(",", -1);
    if (parts[0].isBlank()) {
      throw wrong(shape, "after the address stands # and the name of the model");
    }
    String variable = null;
    var deadline = DEADLINE;
    for (int i = 1; i < parts.length; i++) {
      var part = parts[i];
      if (part.startsWith("key=") && VARIABLE.matcher(part.substring(4)).matches()) {
        variable = part.substring(4);
      } else if (part.startsWith("seconds=") && isDeadline(part.substring(8))) {
        deadline = Duration.ofSeconds(Integer.parseInt(part.substring(8)));
      } else {
        throw wrong(
            shape, "an option is key=NAME_OF_A_VARIABLE or seconds=1 to " + DEADLINE_SECONDS_MAX);
      }
    }
    return new Endpoint(
        shape, address(shape, text.substring(0, hash)), parts[0], variable, deadline);
  }

  private static boolean isDeadline(String digits) {
    if (!SECONDS.matcher(digits).matches()) {
      return false;
    }
    int seconds = Integer.parseInt(digits);
    return seconds >= 1 && seconds <= DEADLINE_SECONDS_MAX;
  }

  private static URI address(Shape shape, String text) {
    try {
      var base = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      var scheme = base.getScheme();
      if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
        throw wrong(shape, "the address begins with http:// or https://");
      }
      if (base.getHost() == null || base.getRawQuery() != null) {
        throw wrong(shape, "the address is a host with an optional port and path");
      }
      if (base.getRawUserInfo() != null) {
        throw wrong(shape, "the address holds no user or password; name a variable with key=");
      }
      return base;
    } catch (URISyntaxException e) {
      throw wrong(shape, "the address is not a URL");
    }
  }

  /// What came is not repeated: people paste keys into the wrong place.
  private static InvalidInput wrong(Shape shape, String rule) {
    return new InvalidInput(
        "the embedder is " + shape.prefix + ":URL#MODEL[,key=VARIABLE][,seconds=N]; " + rule,
        "field",
        "embedder");
  }

  URI target() {
    return URI.create(base + shape.path);
  }

  /// The model's name for its vectors. Not the address: a server may move.
  String id() {
    return shape.prefix + "/" + model;
  }
}
