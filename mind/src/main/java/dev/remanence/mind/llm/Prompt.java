package dev.remanence.mind.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a model is asked: instructions, which are ours, and data, which somebody else said. The two
/// never meet in one string: the instructions come from a file of `prompts/` and take words of ours
/// only, the data stays JSON until [Model] fences it in.
public record Prompt(String instructions, Json.Obj data) {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z]+)}}");

  /// The prompt of a file.
  ///
  /// @param name of the file, without `.md`
  /// @param words for its placeholders `{{name}}`, each of which must be there; never stored text
  public static Prompt of(String name, Map<String, String> words, Json.Obj data) {
    return new Prompt(text(name, words), data);
  }

  /// A file with its placeholders filled in.
  static String text(String name, Map<String, String> words) {
    return PLACEHOLDER
        .matcher(file(name))
        .replaceAll(found -> {
          var word = words.get(found.group(1));
          if (word == null) {
            throw new IllegalArgumentException(name + " needs the word " + found.group(1));
          }
          return Matcher.quoteReplacement(word);
        });
  }

  private static String file(String name) {
    try (var file = Prompt.class.getResourceAsStream("prompts/" + name + ".md")) {
      if (file == null) {
        throw new IllegalArgumentException("no prompt has the name " + name);
      }
      return new String(file.readAllBytes(), UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Not the data: it may end in a log.
  @Override
  public String toString() {
    return "Prompt[" + instructions.lines().findFirst().orElse("") + "]";
  }
}
