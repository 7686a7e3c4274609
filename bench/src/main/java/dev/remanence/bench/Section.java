package dev.remanence.bench;

/// A part of a page between two markers, which has another author than the rest.
record Section(String begin, String end) {

  /// What stands between the markers of a page; empty where they are not.
  String in(String page) {
    int from = page.indexOf(begin);
    int to = page.indexOf(end);
    return from < 0 || to < from ? "" : page.substring(from + begin.length(), to).strip();
  }

  String around(String content) {
    return begin + "\n" + content + "\n" + end;
  }

  /// The page with this content between the markers, which are put at the end where they are not.
  String put(String page, String content) {
    int from = page.indexOf(begin);
    int to = page.indexOf(end);
    return from < 0 || to < from
        ? page.stripTrailing() + "\n\n" + around(content) + "\n"
        : page.substring(0, from) + around(content) + page.substring(to + end.length());
  }
}
