package dev.remanence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RenderingTest {
  private static final Terminal SCREEN = new Terminal(true, true, true, 100);
  private static final String MEMORY =
      """
      {"id":"019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42","scope":"acme","kind":"semantic","key":"drink",\
      "text":"Anna prefers tea","tags":["drinks"],"metadata":{},"importance":0.5,"pinned":false,\
      "links":[],"at":"2026-11-21T07:30:00.000Z","revision":2,"createdAt":"2026-11-21T07:30:00.000Z",\
      "updatedAt":"2026-11-21T07:30:00.000Z","count":1,"uses":0,"strength":0.5,\
      "provenance":{"tool":"cli"},"durable":true,"hash":"h"}\
      """;

  private static String render(Terminal terminal, String method, String answer, String params) {
    return new Rendering(terminal, Instant.parse("2026-11-21T09:30:00Z"))
        .of(method, (Json.Obj) Json.parse(answer), (Json.Obj) Json.parse(params));
  }

  private static String plain(String method, String answer) {
    return render(Terminal.NONE, method, answer, "{}");
  }

  @Test
  void remember_saysOutcomeAndId() {
    assertThat(
            plain(
                "remember",
                """
                {"id":"I","revision":1,"outcome":"created","nearDuplicates":["N"],"conflicts":[],
                 "durable":true}
                """))
        .isEqualTo("created  I\n  much like  N\n");
  }

  @Test
  void recall_showsScoreAgeScopeTextAndWholeId() {
    var answer =
        "{\"hits\":[{\"memory\":"
            + MEMORY
            + ",\"score\":0.8125,\"why\":{\"words\":0.8125}}],\"truncated\":true,\"legs\":{}}";
    assertThat(render(Terminal.NONE, "recall", answer, "{\"query\":\"tea\"}"))
        .isEqualTo(
            """
            0.81 ██████▌   semantic · 2 h ago · acme · key drink · #drinks
                  Anna prefers tea
                  words  0.813
                  019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42
            more was found than the limits let through
            """);
    assertThat(render(SCREEN, "recall", answer, "{\"query\":\"Tea?\"}"))
        .contains("Anna prefers \u001b[1mtea\u001b[0m");
    var page = answer.replace("\"truncated\":true", "\"truncated\":true,\"cursor\":\"abc\"");
    assertThat(plain("recall", page)).endsWith("more: --cursor abc\n");
  }

  @Test
  void recall_neighbours_standAroundTheHit() {
    var answer =
        "{\"hits\":[{\"memory\":"
            + MEMORY
            + ",\"score\":0.5,\"before\":[{\"speaker\":\"Bob\",\"text\":\"And?\\nAnna?\"}],"
            + "\"after\":[{\"speaker\":\"Bob\",\"text\":\"I see\"}]}],\"truncated\":false}";
    assertThat(plain("recall", answer))
        .contains("    ↑ Bob: And? Anna?\n      Anna prefers tea\n    ↓ Bob: I see\n");
  }

  @Test
  void recall_nothing_saysSo() {
    assertThat(plain("recall", "{\"hits\":[],\"truncated\":false,\"legs\":{}}"))
        .isEqualTo("nothing was found\n");
  }

  @Test
  void stored_controls_areEscapedOnAScreen() {
    var memory =
        MEMORY.replace("Anna prefers tea", "\\u001b]0;x\\u0007tea").replace("drinks", "\\u009bx");
    for (var method : new String[] {"get", "list", "recall", "history"}) {
      var answer =
          switch (method) {
            case "list" -> "{\"memories\":[" + memory + "]}";
            case "recall" -> "{\"hits\":[{\"score\":1,\"memory\":" + memory + "}]}";
            case "history" ->
                "{\"revisions\":[{\"revision\":1,\"change\":\"create\",\"branch\":\"main\",\"recordedAt\":\"\",\"memory\":"
                    + memory
                    + "}]}";
            default -> memory;
          };
      var shown = render(SCREEN, method, answer, "{\"query\":\"tea\"}");
      assertThat(shown.replaceAll("\u001b\\[[0-9]*m", ""))
          .as(method)
          .contains("\\u001b]0;x\\u0007")
          .doesNotContain("\u001b", "\u0007", "\u009b");
    }
  }

  @Test
  void list_isALineEach_withTheCursor() {
    assertThat(plain("list", "{\"memories\":[" + MEMORY + "],\"cursor\":\"abc\"}"))
        .isEqualTo(
            """
            019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42  2 h ago      drink = Anna prefers tea
            more: --cursor abc
            """);
  }

  @Test
  void get_leavesOutWhatSaysNothing() {
    assertThat(plain("get", MEMORY))
        .isEqualTo(
            """
            Anna prefers tea

            id            019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42
            scope         acme
            kind          semantic
            key           drink
            tags          drinks
            importance    0.5
            at            2026-11-21T07:30:00.000Z
            revision      2
            createdAt     2026-11-21T07:30:00.000Z
            updatedAt     2026-11-21T07:30:00.000Z
            count         1
            uses          0
            strength      0.5
            provenance    tool cli
            hash          h
            """);
  }

  @Test
  void history_isALog() {
    assertThat(
            plain(
                "history",
                """
                {"revisions":[{"revision":2,"change":"revise","branch":"draft","message":"why",
                 "recordedAt":"2026-11-21T09:00:00.000Z","tool":"cli","session":"s","erased":true}]}
                """))
        .isEqualTo(
            """
            revision 2  revise  on draft  2026-11-21T09:00:00.000Z  cli  s
                why
                the content was erased
            """);
  }

  @Test
  void diff_isColouredByLine() {
    assertThat(render(SCREEN, "diff", "{\"diff\":\"@@ -1 +1 @@\\n-a\\n+b\\n c\\n\"}", "{}"))
        .isEqualTo(
            "\u001b[36m@@ -1 +1 @@\u001b[0m\n\u001b[31m-a\u001b[0m\n\u001b[32m+b\u001b[0m\n c\n");
    assertThat(plain("diff", "{\"diff\":\"\"}")).isEqualTo("no difference\n");
  }

  @Test
  void verify_damaged_saysWhatToDo() {
    assertThat(
            plain(
                "verify",
                """
                {"sound":false,"deep":false,"revisions":2,"commits":1,"memories":2,
                 "problems":[{"where":"revision 3","what":"bad hash","derived":false}],"losses":[]}
                """))
        .isEqualTo(
            """
            damaged  2 revisions, 1 commit, 2 memories
              revision 3  bad hash
            run: remanence repair
            """);
  }

  @Test
  void stats_bytesAreReadable() {
    assertThat(
            plain(
                "stats",
                "{\"memories\":3,\"kinds\":{\"ghost\":1},\"journalBytes\":4096,\"walBytes\":0,\"freeBytes\":999999}"))
        .isEqualTo(
            """
            memories        3
              ghost         1
            journalBytes    4.1 kB
            walBytes        0 B
            freeBytes       1.0 MB
            """);
  }
}
