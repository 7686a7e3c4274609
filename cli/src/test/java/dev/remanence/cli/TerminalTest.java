package dev.remanence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TerminalTest {
  private static final Terminal SCREEN = new Terminal(true, true, true, 80);

  @Test
  void safe_onATerminal_showsControlsAsEscapes() {
    assertThat(SCREEN.safe("a\u001b]0;title\u0007b\u009b31m\u202ec\u0000\r\u007f"))
        .isEqualTo("a\\u001b]0;title\\u0007b\\u009b31m\\u202ec\\u0000\\u000d\\u007f");
    assertThat(SCREEN.safe("two\nlines\tand ünïcödé 😀")).isEqualTo("two\nlines\tand ünïcödé 😀");
  }

  @Test
  void safe_elsewhere_leavesTextAlone() {
    assertThat(Terminal.NONE.safe("a\u001b[31m")).isEqualTo("a\u001b[31m");
  }

  @Test
  void line_hasNoNewline() {
    assertThat(SCREEN.line("a\r\nb\nc\td")).isEqualTo("a b c d");
    assertThat(Terminal.NONE.line("a\nb")).isEqualTo("a b");
  }

  @Test
  void style_onlyWithColour() {
    assertThat(SCREEN.bold("x")).isEqualTo("\u001b[1mx\u001b[0m");
    assertThat(Terminal.NONE.bold("x")).isEqualTo("x");
  }

  @Test
  void cut_keepsPairsWhole() {
    assertThat(Terminal.cut("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Terminal.cut("abcdef", 5)).isEqualTo("abcd…");
    assertThat(Terminal.cut("ab😀def", 4)).isEqualTo("ab…");
  }
}
