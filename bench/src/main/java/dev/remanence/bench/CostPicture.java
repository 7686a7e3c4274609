package dev.remanence.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/// Lines of cost against size, both axes by powers of ten, as an SVG that reads on white and on
/// black.
final class CostPicture {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 430;
  private static final int LEFT = 70;
  private static final int RIGHT = 225;
  private static final int TOP = 40;
  private static final int BOTTOM = 50;
  private static final int LABEL_HEIGHT = 16;
  private static final String[] COLOURS = {
    "#c2410c", "#ea9a5b", "#1d6fb8", "#7fb2dd", "#3f8f4f", "#8a5fbf", "#7a7a7a"
  };

  private final String title;
  private final SequencedMap<String, SortedMap<Integer, Double>> lines = new LinkedHashMap<>();

  CostPicture(String title) {
    this.title = title;
  }

  void add(String line, int size, double micros) {
    lines.computeIfAbsent(line, _ -> new TreeMap<>()).put(size, micros);
  }

  String svg() {
    int sizeLeast = 9;
    int sizeMost = 0;
    int costLeast = 9;
    int costMost = 0;
    for (var line : lines.values()) {
      for (var point : line.entrySet()) {
        sizeLeast = Math.min(sizeLeast, (int) Math.floor(Math.log10(point.getKey())));
        sizeMost = Math.max(sizeMost, (int) Math.ceil(Math.log10(point.getKey())));
        costLeast = Math.min(costLeast, (int) Math.floor(Math.log10(point.getValue())));
        costMost = Math.max(costMost, (int) Math.ceil(Math.log10(point.getValue())));
      }
    }
    var across = new Axis(sizeLeast, Math.max(sizeMost, sizeLeast + 1), LEFT, WIDTH - RIGHT);
    var up = new Axis(costLeast, Math.max(costMost, costLeast + 1), HEIGHT - BOTTOM, TOP);
    var svg = new StringBuilder();
    put(
        svg,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif'"
            + " font-size='12' fill='#777'>",
        WIDTH,
        HEIGHT);
    put(svg, "<text x='%d' y='20' font-size='14'>%s</text>", LEFT, title);
    grid(svg, across, up);
    var labels = new TreeMap<Double, String>();
    int number = 0;
    for (var line : lines.entrySet()) {
      line(svg, line, COLOURS[number % COLOURS.length], across, up);
      double end = up.at(line.getValue().lastEntry().getValue());
      while (labels.containsKey(end)) {
        end += 0.1;
      }
      labels.put(
          end,
          String.format(
              Locale.ROOT, "fill='%s'>%s", COLOURS[number % COLOURS.length], line.getKey()));
      number++;
    }
    double below = TOP;
    for (var label : labels.entrySet()) {
      below = Math.max(below + LABEL_HEIGHT, label.getKey() + 4);
      put(svg, "<text x='%d' y='%.1f' %s</text>", WIDTH - RIGHT + 10, below, label.getValue());
    }
    return svg.append("</svg>\n").toString();
  }

  /// Maps powers of ten to places.
  private record Axis(int least, int most, int from, int to) {
    double at(double value) {
      return from + (Math.log10(value) - least) / (most - least) * (to - from);
    }
  }

  private static void grid(StringBuilder svg, Axis across, Axis up) {
    for (int power = up.least; power <= up.most; power++) {
      double y = up.at(Math.pow(10, power));
      put(svg, "<path d='M%d %.1fH%d' stroke='#999' stroke-opacity='.4'/>", LEFT, y, WIDTH - RIGHT);
      put(
          svg,
          "<text x='%d' y='%.1f' text-anchor='end'>%s</text>",
          LEFT - 8,
          y + 4,
          power < 3
              ? Math.round(Math.pow(10, power)) + " µs"
              : Math.round(Math.pow(10, power - 3)) + " ms");
    }
    for (int power = across.least; power <= across.most; power++) {
      double x = across.at(Math.pow(10, power));
      put(
          svg,
          "<path d='M%.1f %dV%d' stroke='#999' stroke-opacity='.4'/>",
          x,
          TOP,
          HEIGHT - BOTTOM);
      put(
          svg,
          "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>",
          x,
          HEIGHT - BOTTOM + 18,
          Results.digits(Math.pow(10, power)));
    }
    put(
        svg,
        "<text x='%d' y='%d' text-anchor='middle'>memories in the scope</text>",
        (LEFT + WIDTH - RIGHT) / 2,
        HEIGHT - 10);
  }

  private static void line(
      StringBuilder svg,
      Map.Entry<String, SortedMap<Integer, Double>> line,
      String colour,
      Axis across,
      Axis up) {
    var path = new StringBuilder();
    line.getValue()
        .forEach((size, micros) -> {
          put(path, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", across.at(size), up.at(micros));
          put(
              svg,
              "<circle cx='%.1f' cy='%.1f' r='3.5' fill='%s'/>",
              across.at(size),
              up.at(micros),
              colour);
        });
    put(
        svg,
        "<path d='%s' fill='none' stroke='%s' stroke-width='2'/>",
        path.toString().strip().replace("\n", " "),
        colour);
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation would be one more dependency.
  private static void put(StringBuilder out, String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
