package dev.remanence;

import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.InvalidInput;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What a caller may do, and where.
///
/// A pattern is a scope's path in which `*` stands for any one segment, and `/**` at its end for
/// the scope and everything below it; `**` alone is every scope. What inherits sees only those
/// ancestors that a pattern covers, `global` included.
public record Grant(Set<Verb> verbs, List<String> patterns) {
  private static final String EVERYTHING = "**";
  private static final String BELOW = "/**";
  private static final Pattern SEGMENT = Pattern.compile("\\*|[A-Za-z0-9._:@-]+");

  public static final Grant ALL = new Grant(EnumSet.allOf(Verb.class), List.of(EVERYTHING));

  public Grant {
    var inOrder = EnumSet.noneOf(Verb.class);
    inOrder.addAll(verbs);
    verbs = Collections.unmodifiableSet(inOrder);
    patterns = List.copyOf(patterns);
    patterns.forEach(Grant::requirePattern);
  }

  private static void requirePattern(String pattern) {
    var path =
        pattern.endsWith(BELOW) ? pattern.substring(0, pattern.length() - BELOW.length()) : pattern;
    for (var segment : path.split("/", -1)) {
      if (!pattern.equals(EVERYTHING) && !SEGMENT.matcher(segment).matches()) {
        throw new InvalidInput(
            "a pattern is a scope in which * stands for a segment, with /** at its end for all below;"
                + " or ** for every scope; found "
                + pattern,
            "field",
            "scopes",
            "found",
            pattern);
      }
    }
  }

  public boolean isForAllScopes() {
    return patterns.contains(EVERYTHING);
  }

  public boolean isAll() {
    return isForAllScopes() && verbs.size() == Verb.values().length;
  }

  /// Whether a scope is one of those that it is for.
  public boolean covers(String scope) {
    for (var pattern : patterns) {
      if (pattern.equals(EVERYTHING) || matches(pattern, scope)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String pattern, String scope) {
    boolean below = pattern.endsWith(BELOW);
    var wanted = (below ? pattern.substring(0, pattern.length() - 3) : pattern).split("/", -1);
    var segments = scope.split("/", -1);
    if (below ? segments.length < wanted.length : segments.length != wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (!wanted[i].equals("*") && !wanted[i].equals(segments[i])) {
        return false;
      }
    }
    return true;
  }

  /// Refuses to make sessions for others, who could be granted more.
  public void requireAll() {
    if (!isAll()) {
      throw new Forbidden(
          "a caller that may not do everything opens no sessions; ask the one who granted this");
    }
  }

  Forbidden refusal(Verb verb, String scope) {
    var word = verb.name().toLowerCase(Locale.ROOT);
    return new Forbidden(
        "this caller may not " + word + " in " + scope + "; ask for a grant of it",
        "verb",
        word,
        "scope",
        scope);
  }
}
