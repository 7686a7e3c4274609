package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.RegexNode.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A regular expression as instructions for [RegexMatcher]. `slots` are two for each group, and one
/// for each loop that could run without moving.
record RegexProgram(
    String pattern, List<Op> ops, int groups, int slots, Map<String, Integer> names) {

  private static final int OPS_MAX = 20_000;

  sealed interface Op {}

  record One(RegexNode what) implements Op {}

  record Split(int first, int second) implements Op {}

  record Jump(int to) implements Op {}

  record Save(int slot) implements Op {}

  /// Goes on only where something was taken since the slot was saved; else leaves the loop.
  record Moved(int slot, int exit) implements Op {}

  record At(Place place) implements Op {}

  record Back(int group, boolean ignoreCase) implements Op {}

  /// The body follows, up to an `Accept`; then it goes on at `next`. `width` is how far to go back
  /// before, in code points.
  record Look(int next, int width, boolean negated) implements Op {}

  record Accept() implements Op {}

  static RegexProgram compile(String pattern, int flags, Run run) {
    run.meter.chargeText(pattern.length());
    var parser = new RegexParser(pattern, flags, run.meter);
    var node = parser.parse();
    var compiler = new Compiler(parser.groups, run.meter);
    compiler.add(new Save(0));
    compiler.compile(node);
    compiler.add(new Save(1));
    compiler.add(new Accept());
    return new RegexProgram(
        pattern,
        List.copyOf(compiler.ops),
        parser.groups,
        compiler.slots,
        Map.copyOf(parser.names));
  }

  private static final class Compiler {
    private final List<Op> ops = new ArrayList<>();
    private final Meter meter;
    private int slots;

    Compiler(int groups, Meter meter) {
      this.slots = groups * 2;
      this.meter = meter;
    }

    private int add(Op op) {
      if (ops.size() >= OPS_MAX) {
        throw new GuestError(ExceptionType.REGEX, "the pattern is too large");
      }
      meter.charge(40);
      ops.add(op);
      return ops.size() - 1;
    }

    private void compile(RegexNode node) {
      switch (node) {
        case RegexNode.Literal _, RegexNode.AnyPoint _, RegexNode.Points _ -> add(new One(node));
        case RegexNode.Capture(var group, var body) -> {
          add(new Save(group * 2));
          compile(body);
          add(new Save(group * 2 + 1));
        }
        case RegexNode.Sequence(var parts) -> parts.forEach(this::compile);
        case RegexNode.Choice(var options) -> choice(options);
        case RegexNode.Repeat repeat -> repeat(repeat);
        case RegexNode.At(var place) -> add(new At(place));
        case RegexNode.Back(var group, var ignoreCase) -> add(new Back(group, ignoreCase));
        case RegexNode.Look(var body, var behind, var negated) -> {
          int width = behind ? width(body) : 0;
          int look = add(new Jump(0));
          compile(body);
          add(new Accept());
          ops.set(look, new Look(ops.size(), width, negated));
        }
      }
    }

    private void choice(List<RegexNode> options) {
      var jumps = new ArrayList<Integer>();
      for (int i = 0; i < options.size(); i++) {
        if (i == options.size() - 1) {
          compile(options.get(i));
        } else {
          int split = add(new Jump(0));
          compile(options.get(i));
          jumps.add(add(new Jump(0)));
          ops.set(split, new Split(split + 1, ops.size()));
        }
      }
      for (int jump : jumps) {
        ops.set(jump, new Jump(ops.size()));
      }
    }

    private void repeat(RegexNode.Repeat repeat) {
      for (int i = 0; i < repeat.least(); i++) {
        compile(repeat.body());
      }
      if (repeat.most() == RegexParser.UNBOUNDED) {
        loop(repeat);
        return;
      }
      var splits = new ArrayList<Integer>();
      for (int i = repeat.least(); i < repeat.most(); i++) {
        splits.add(add(new Jump(0)));
        compile(repeat.body());
      }
      for (int split : splits) {
        ops.set(split, split(split + 1, ops.size(), repeat.greedy()));
      }
    }

    private static Split split(int body, int exit, boolean greedy) {
      return greedy ? new Split(body, exit) : new Split(exit, body);
    }

    private void loop(RegexNode.Repeat repeat) {
      int slot = slots++;
      int head = add(new Jump(0));
      add(new Save(slot));
      compile(repeat.body());
      int moved = add(new Jump(0));
      add(new Jump(head));
      ops.set(head, split(head + 1, ops.size(), repeat.greedy()));
      ops.set(moved, new Moved(slot, ops.size()));
    }

    private static int width(RegexNode node) {
      return switch (node) {
        case RegexNode.Literal _, RegexNode.AnyPoint _, RegexNode.Points _ -> 1;
        case RegexNode.Capture(_, var body) -> width(body);
        case RegexNode.Sequence(var parts) -> parts.stream().mapToInt(Compiler::width).sum();
        case RegexNode.Choice(var options) -> {
          int width = width(options.getFirst());
          if (options.stream().anyMatch(option -> width(option) != width)) {
            throw notFixed();
          }
          yield width;
        }
        case RegexNode.Repeat repeat -> {
          if (repeat.least() != repeat.most()) {
            throw notFixed();
          }
          yield Math.multiplyExact(
              Math.min(repeat.least(), 1000), Math.min(width(repeat.body()), 100_000));
        }
        case RegexNode.At _, RegexNode.Look _ -> 0;
        case RegexNode.Back _ -> throw notFixed();
      };
    }

    private static GuestError notFixed() {
      return new GuestError(ExceptionType.REGEX, "look-behind requires fixed-width pattern");
    }
  }
}
