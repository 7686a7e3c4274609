package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.RegexNode.Range;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Matches by backtracking, with a stack of its own and a step charged for every instruction: a
/// pattern that explodes ends with the run's steps, and never with Java's stack.
final class RegexMatcher {
  /// Entries of the stack are three numbers: an instruction and an offset to go back to, or, with
  /// this for an instruction, a slot and its old value.
  private static final int RESTORE = -1;

  private final Run run;
  private final RegexProgram program;
  private final String text;
  private final int[] slots;
  private int[] stack = new int[96];
  private int top;

  /// Where a match may not end, if it begins there too: an empty one was found there before.
  private int notEmptyAt = -1;

  private boolean whole;

  RegexMatcher(Run run, RegexProgram program, String text) {
    this.run = run;
    this.program = program;
    this.text = text;
    run.meter.charge(500 + 4L * program.slots());
    this.slots = new int[program.slots()];
  }

  /// The first match at or after an offset, or null.
  int @Nullable [] search(int from, boolean mustMove) {
    notEmptyAt = mustMove ? from : -1;
    for (int at = from; at <= text.length(); at = next(at)) {
      if (matches(at)) {
        return bounds();
      }
    }
    return null;
  }

  private int next(int at) {
    return at < text.length() ? at + Character.charCount(text.codePointAt(at)) : at + 1;
  }

  /// A match that begins at an offset, or null.
  int @Nullable [] match(int at, boolean toEnd) {
    whole = toEnd;
    return matches(at) ? bounds() : null;
  }

  private int[] bounds() {
    run.meter.charge(8L * program.groups() + 64);
    return Arrays.copyOf(slots, program.groups() * 2);
  }

  private boolean matches(int at) {
    Arrays.fill(slots, -1);
    top = 0;
    return execute(0, at, 0, true) >= 0;
  }

  /// Runs from an instruction on and answers where it was accepted, or -1. Choices below `base` are
  /// of a run around this one.
  private int execute(int start, int at, int base, boolean outermost) {
    int op = start;
    int offset = at;
    while (true) {
      run.meter.step();
      boolean fits = true;
      switch (program.ops().get(op)) {
        case RegexProgram.One(var what) -> {
          if (offset < text.length()) {
            int point = text.codePointAt(offset);
            fits = fits(what, point);
            offset += Character.charCount(point);
            op++;
          } else {
            fits = false;
          }
        }
        case RegexProgram.Split(var first, var second) -> {
          push(second, offset, 0);
          op = first;
        }
        case RegexProgram.Jump(var to) -> op = to;
        case RegexProgram.Save(var slot) -> {
          push(RESTORE, slot, slots[slot]);
          slots[slot] = offset;
          op++;
        }
        case RegexProgram.Moved(var slot, var exit) -> op = slots[slot] == offset ? exit : op + 1;
        case RegexProgram.At(var place) -> {
          fits = isAt(place, offset);
          op++;
        }
        case RegexProgram.Back(var group, var ignoreCase) -> {
          int end = back(group, ignoreCase, offset);
          fits = end >= 0;
          offset = end;
          op++;
        }
        case RegexProgram.Look look -> {
          fits = looks(look, op, offset);
          op = look.next();
        }
        case RegexProgram.Accept _ -> {
          boolean refused =
              outermost
                  && ((whole && offset != text.length())
                      || (offset == notEmptyAt && slots[0] == notEmptyAt));
          if (!refused) {
            return offset;
          }
          fits = false;
        }
      }
      if (!fits) {
        if (!backtrack(base)) {
          return -1;
        }
        op = stack[top];
        offset = stack[top + 1];
      }
    }
  }

  private void push(int op, int a, int b) {
    if (top + 3 > stack.length) {
      run.meter.charge(stack.length * 8L);
      stack = Arrays.copyOf(stack, stack.length * 2);
    }
    stack[top] = op;
    stack[top + 1] = a;
    stack[top + 2] = b;
    top += 3;
  }

  /// Undoes up to the last choice, whose numbers lie at `top` then.
  private boolean backtrack(int base) {
    while (top > base) {
      top -= 3;
      if (stack[top] != RESTORE) {
        return true;
      }
      slots[stack[top + 1]] = stack[top + 2];
      run.meter.step();
    }
    return false;
  }

  /// What a positive look captured stays, and can be undone; its choices are gone.
  private boolean looks(RegexProgram.Look look, int op, int offset) {
    int at = offset;
    for (int i = 0; i < look.width(); i++) {
      if (at == 0) {
        return look.negated();
      }
      at -= Character.charCount(text.codePointBefore(at));
      run.meter.step();
    }
    int base = top;
    var before = slots.clone();
    run.meter.charge(slots.length * 4L + 16);
    run.meter.descend(2);
    boolean found = execute(op + 1, at, base, false) >= 0;
    run.meter.ascend(2);
    var after = slots.clone();
    top = base;
    System.arraycopy(before, 0, slots, 0, slots.length);
    if (found && !look.negated()) {
      for (int i = 0; i < slots.length; i++) {
        if (after[i] != slots[i]) {
          push(RESTORE, i, slots[i]);
          slots[i] = after[i];
        }
      }
    }
    return found != look.negated();
  }

  private int back(int group, boolean ignoreCase, int offset) {
    int start = slots[group * 2];
    int end = slots[group * 2 + 1];
    if (start < 0 || end < 0) {
      return -1;
    }
    int length = end - start;
    run.meter.work(length / 8);
    return text.regionMatches(ignoreCase, offset, text, start, length) ? offset + length : -1;
  }

  private boolean isAt(RegexNode.Place place, int offset) {
    int length = text.length();
    return switch (place) {
      case TEXT_START -> offset == 0;
      case TEXT_END -> offset == length;
      case TEXT_END_BEFORE_NEWLINE ->
          offset == length || (offset == length - 1 && text.charAt(offset) == '\n');
      case LINE_START -> offset == 0 || text.charAt(offset - 1) == '\n';
      case LINE_END -> offset == length || text.charAt(offset) == '\n';
      case WORD_EDGE -> isWordEdge(offset);
      case NO_WORD_EDGE -> !isWordEdge(offset);
    };
  }

  private boolean isWordEdge(int offset) {
    boolean before = offset > 0 && isWord(text.codePointBefore(offset));
    boolean after = offset < text.length() && isWord(text.codePointAt(offset));
    return before != after;
  }

  private static boolean isWord(int point) {
    return point == '_' || Character.isLetterOrDigit(point);
  }

  private boolean fits(RegexNode what, int point) {
    return switch (what) {
      case RegexNode.Literal(var wanted, var ignoreCase) ->
          point == wanted || (ignoreCase && fold(point) == fold(wanted));
      case RegexNode.AnyPoint(var newline) -> newline || point != '\n';
      case RegexNode.Points points -> isIn(points, point);
      default -> throw new AssertionError("takes no single point");
    };
  }

  private boolean isIn(RegexNode.Points points, int point) {
    boolean found = isAmong(points, point);
    if (!found && points.ignoreCase()) {
      found =
          isAmong(points, Character.toLowerCase(point))
              || isAmong(points, Character.toUpperCase(point));
    }
    return found != points.negated();
  }

  private boolean isAmong(RegexNode.Points points, int point) {
    for (var range : points.ranges()) {
      if (isIn(range, point)) {
        return true;
      }
    }
    run.meter.work(points.ranges().size() / 4);
    return false;
  }

  private static boolean isIn(Range range, int point) {
    return switch (range.kind()) {
      case 'd' -> Character.isDigit(point);
      case 'D' -> !Character.isDigit(point);
      case 'w' -> isWord(point);
      case 'W' -> !isWord(point);
      case 's' -> Texts.isSpace(point);
      case 'S' -> !Texts.isSpace(point);
      default -> point >= range.from() && point <= range.to();
    };
  }

  private static int fold(int point) {
    return Character.toLowerCase(Character.toUpperCase(point));
  }
}
