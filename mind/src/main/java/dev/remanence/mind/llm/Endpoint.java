package dev.remanence.mind.llm;

import dev.remanence.RemanenceException.InvalidInput;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// A model, where it is and what it may cost, as the setting `REMANENCE_LLM` names it:
///
/// ```
/// DIALECT:URL#MODEL[,seconds=30][,tokens-a-day=1000000][,cost-a-day=2.5,price-in=0.15,price-out=0.6]
/// ```
///
/// @param deadline of one call with its retries
/// @param tokensADay what a day may take, questions and answers together
/// @param costADay in the currency of the prices; infinite where nothing is said
/// @param priceIn of a million tokens that are sent
/// @param priceOut of a million tokens that are answered
record Endpoint(
    Dialect dialect,
    URI base,
    String model,
    Duration deadline,
    long tokensADay,
    double costADay,
    double priceIn,
    double priceOut) {
  static final String VARIABLE = "REMANENCE_LLM";

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}|\\[::1]");
  private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
  private static final Pattern MODEL = Pattern.compile("[!-~&&[^,]]{1,200}");
  private static final Set<String> OPTIONS =
      Set.of("seconds", "tokens-a-day", "cost-a-day", "price-in", "price-out");
  private static final int SECONDS_MAX = 600;

  static Endpoint parse(String setting) {
    int colon = setting.indexOf(':');
    int hash = setting.indexOf('#');
    if (colon < 0 || hash < colon) {
      throw wrong("it begins with a dialect, and # stands before the model's name");
    }
    var dialect =
        switch (setting.substring(0, colon)) {
          case "openai" -> new OpenAiDialect();
          case "ollama" -> new OllamaDialect();
          case "anthropic" -> new AnthropicDialect();
          default -> throw wrong("the dialects are openai, ollama and anthropic");
        };
    var parts = setting.substring(hash + 1).split(",", -1);
    if (!MODEL.matcher(parts[0]).matches()) {
      throw wrong("after the # stands the model's name");
    }
    var options = options(parts);
    if (options.containsKey("cost-a-day")
        && !(options.containsKey("price-in") && options.containsKey("price-out"))) {
      throw wrong("cost-a-day needs price-in and price-out, of a million tokens");
    }
    double seconds = options.getOrDefault("seconds", 30.0);
    if (seconds < 1 || seconds > SECONDS_MAX) {
      throw wrong("seconds are 1 to " + SECONDS_MAX);
    }
    return new Endpoint(
        dialect,
        address(setting.substring(colon + 1, hash)),
        parts[0],
        Duration.ofMillis((long) (seconds * 1000)),
        options.getOrDefault("tokens-a-day", 1e6).longValue(),
        options.getOrDefault("cost-a-day", Double.POSITIVE_INFINITY),
        options.getOrDefault("price-in", 0.0),
        options.getOrDefault("price-out", 0.0));
  }

  private static Map<String, Double> options(String[] parts) {
    var options = new HashMap<String, Double>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      var name = equals < 0 ? "" : parts[i].substring(0, equals);
      var amount = parts[i].substring(equals + 1);
      if (!OPTIONS.contains(name) || !AMOUNT.matcher(amount).matches()) {
        throw wrong("an option is seconds, tokens-a-day, cost-a-day, price-in or price-out");
      }
      if (options.put(name, Double.valueOf(amount)) != null) {
        throw wrong(name + " is told twice");
      }
    }
    return options;
  }

  private static URI address(String text) {
    URI base;
    try {
      base = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    } catch (URISyntaxException _) {
      throw wrong("the address is not a URL");
    }
    if (base.getHost() == null || base.getRawQuery() != null || base.getPort() > 0xffff) {
      throw wrong("the address is a host with an optional port and path");
    }
    if (base.getRawUserInfo() != null) {
      throw wrong("the address holds no user or password; the key goes into " + Key.VARIABLE);
    }
    boolean secure = "https".equalsIgnoreCase(base.getScheme());
    if (!secure && !("http".equalsIgnoreCase(base.getScheme()) && isLoopback(base))) {
      throw wrong("the address begins with https://; http:// is for this machine alone");
    }
    return base;
  }

  /// Whether the server is on this machine, by its name alone: nothing is looked up.
  boolean isLoopback() {
    return isLoopback(base);
  }

  private static boolean isLoopback(URI base) {
    return LOOPBACK.matcher(base.getHost().toLowerCase(Locale.ROOT)).matches();
  }

  /// What came is not repeated: people paste keys into the wrong place.
  private static InvalidInput wrong(String rule) {
    return new InvalidInput(
        VARIABLE + " is openai:URL#MODEL, ollama:URL#MODEL or anthropic:URL#MODEL; " + rule,
        "field",
        VARIABLE);
  }

  URI target() {
    return URI.create(base + dialect.path());
  }

  /// How errors call it.
  String who() {
    return "the model server at " + base.getAuthority();
  }
}
