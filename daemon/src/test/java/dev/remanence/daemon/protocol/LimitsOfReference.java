package dev.remanence.daemon.protocol;

import dev.remanence.Limits;
import java.util.List;

/// The rows of the reference's table of limits, with the numbers that the code applies.
final class LimitsOfReference {
  static final List<String> ROWS =
      List.of(
          row("a text, or a content in its canonical form", Limits.CONTENT_BYTES_MAX, "bytes"),
          row("metadata in its canonical form", Limits.METADATA_BYTES_MAX, "bytes"),
          row("nesting of a content, of metadata", Limits.JSON_LEVELS_MAX, "levels"),
          row("a speaker, a tool, a session, a branch", Limits.NAME_CHARS_MAX, "characters"),
          row("a key", Limits.KEY_CHARS_MAX, "characters"),
          row("a tag", Limits.TAG_CHARS_MAX, "characters"),
          row("tags of a memory", Limits.TAGS_MAX, ""),
          row("links of a memory", Limits.LINKS_MAX, ""),
          row("the type of a link", Limits.LINK_TYPE_CHARS_MAX, "characters"),
          row("a message, a reason", Limits.MESSAGE_CHARS_MAX, "characters"),
          row("a question", Limits.QUERY_CHARS_MAX, "characters"),
          row("a vector", Limits.VECTOR_DIMENSIONS_MAX, "numbers"),
          row("segments of a scope", Limits.SCOPE_SEGMENTS_MAX, ""),
          row("a segment of a scope", Limits.SCOPE_SEGMENT_CHARS_MAX, "characters"),
          row("memories in a page, hits of a recall", Limits.PAGE_MAX, ""),
          row(
              "content and metadata in a page, in a recall, unless one memory has more",
              Limits.PAGE_CHARS_MAX,
              "characters"),
          row("turns before a hit, and after it", Limits.NEIGHBOURS_MAX, ""),
          row("memories in one `rememberAll`", Limits.BATCH_MAX, ""),
          row("a line of JSON-RPC", RpcLine.LINE_BYTES_MAX, "bytes"),
          row("requests in one array", RpcLine.BATCH_REQUESTS_MAX, ""));

  private LimitsOfReference() {}

  private static String row(String what, int most, String unit) {
    return "| " + what + " | " + most + (unit.isEmpty() ? "" : " " + unit) + " |\n";
  }
}
