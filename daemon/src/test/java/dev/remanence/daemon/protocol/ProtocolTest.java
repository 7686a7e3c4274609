package dev.remanence.daemon.protocol;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Json;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The methods over a real store.
final class ProtocolTest {
  @TempDir private Path directory;
  private Remanence store;
  private Protocol protocol;

  @BeforeEach
  void open() {
    store = Remanence.open(directory.resolve("store"));
    protocol = new Protocol(store, "acme/user:42");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Json.Obj call(String method, String params) {
    return (Json.Obj) protocol.dispatch(method, (Json.Obj) Json.parse(params));
  }

  private String remember(String params) {
    return text(call("remember", params), "id");
  }

  private static String text(Json.Obj object, String name) {
    return requireNonNull(object.string(name));
  }

  private static List<Json> list(Json.Obj object, String name) {
    return requireNonNull(object.array(name)).items();
  }

  @Test
  void methods_haveDistinctNamesAndParameters() {
    var names = new HashSet<String>();
    for (var method : Protocol.METHODS) {
      assertThat(names.add(method.name())).as(method.name()).isTrue();
      var parameters = new HashSet<String>();
      for (var parameter : method.parameters()) {
        assertThat(parameters.add(parameter.name())).as(parameter.name()).isTrue();
      }
    }
  }

  @Test
  void remember_thenGet_isTheMemory() {
    var id =
        remember(
            """
            {"text": "Anna prefers tea", "tags": ["drinks"], "metadata": {"n": 1}, "key": "drink",
             "at": "2026-11-01", "importance": 0.75, "speaker": "Anna", "kind": "episodic"}
            """);
    for (var address : List.of("{\"id\": \"" + id + "\"}", "{\"key\": \"drink\"}")) {
      var memory = call("get", address);
      assertThat(memory.string("id")).isEqualTo(id);
      assertThat(memory.string("scope")).isEqualTo("acme/user:42");
      assertThat(memory.string("text")).isEqualTo("Anna prefers tea");
      assertThat(memory.string("at")).isEqualTo("2026-11-01T00:00:00.000Z");
      assertThat(memory.string("kind")).isEqualTo("episodic");
      assertThat(memory.get("metadata")).isEqualTo(Json.parse("{\"n\": 1}"));
      assertThat(memory.get("importance")).isEqualTo(Json.of(0.75));
    }
  }

  @Test
  void remember_keyAgain_keepsWhatIsNotGiven() {
    var id =
        remember("{\"text\": \"tea\", \"key\": \"drink\", \"importance\": 0.9, \"tags\": [\"a\"]}");
    remember("{\"text\": \"coffee\", \"key\": \"drink\"}");
    var memory = call("get", "{\"id\": \"" + id + "\"}");
    assertThat(memory.get("importance")).isEqualTo(Json.of(0.9));
    assertThat(list(memory, "tags")).containsExactly(Json.of("a"));
  }

  @Test
  void supersede_wantsAKey_endsTheValueBefore() {
    assertThatThrownBy(() -> call("supersede", "{\"text\": \"Berlin\"}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("key is required");
    call("supersede", "{\"text\": \"Berlin\", \"key\": \"city\", \"at\": \"2020-01-01\"}");
    call("supersede", "{\"text\": \"Rome\", \"key\": \"city\", \"at\": \"2021-01-01\"}");
    assertThat(call("get", "{\"key\": \"city\", \"validAt\": \"2020-06-01\"}").string("text"))
        .isEqualTo("Berlin");
    assertThat(call("get", "{\"key\": \"city\"}").string("text")).isEqualTo("Rome");
  }

  @Test
  void stream_recursive_walksScopesInPages() {
    for (var scope : List.of("a", "a/b", "a/c", "b")) {
      for (int i = 0; i < 3; i++) {
        remember("{\"scope\": \"" + scope + "\", \"text\": \"" + scope + i + "\"}");
      }
    }
    var seen = new ArrayList<String>();
    String cursor = null;
    do {
      var page =
          call(
              "stream",
              "{\"scope\": \"a\", \"recursive\": true, \"limit\": 2"
                  + (cursor == null ? "}" : ", \"cursor\": \"" + cursor + "\"}"));
      list(page, "memories").forEach(memory -> seen.add(text((Json.Obj) memory, "text")));
      cursor = page.string("cursor");
    } while (cursor != null);
    assertThat(seen)
        .containsExactly("a0", "a1", "a2", "a/b0", "a/b1", "a/b2", "a/c0", "a/c1", "a/c2");
  }

  @Test
  void remember_sameContentTwice_reinforces() {
    var first = call("remember", "{\"text\": \"Anna prefers tea\"}");
    var second = call("remember", "{\"text\": \"Anna prefers tea\"}");
    assertThat(first.string("outcome")).isEqualTo("created");
    assertThat(second.string("outcome")).isEqualTo("reinforced");
    assertThat(second.get("id")).isEqualTo(first.get("id"));
  }

  @Test
  void remember_neitherOrBothContents_isRefused() {
    assertThatThrownBy(() -> call("remember", "{}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("one of text and content is required; found neither");
    assertThatThrownBy(() -> call("remember", "{\"text\": \"a\", \"content\": 1}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("one of text and content is required; found both");
  }

  @Test
  void rememberAll_answersInOrder_refusesByPath() {
    var results =
        list(
            call("rememberAll", "{\"memories\": [{\"text\": \"a\"}, {\"content\": [1]}]}"),
            "results");
    assertThat(results).hasSize(2);
    assertThatThrownBy(() ->
            call(
                "rememberAll", "{\"memories\": [{\"text\": \"b\"}, {\"text\": \"c\", \"at\": 1}]}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("memories[1].at is a time");
    assertThat(list(call("list", "{}"), "memories")).hasSize(2);
  }

  @Test
  void get_idWithOtherScope_isRefused() {
    var id = remember("{\"text\": \"a\"}");
    assertThat(call("get", "{\"id\": \"" + id + "\", \"scope\": \"acme/user:42\"}")).isNotNull();
    assertThatThrownBy(() -> call("get", "{\"id\": \"" + id + "\", \"scope\": \"other\"}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("scope is the scope of the memory, or left out");
    assertThatThrownBy(() -> call("history", "{\"id\": \"" + id + "\", \"scope\": \"other\"}"))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void get_unknown_isNotFound() {
    assertThatThrownBy(() -> call("get", "{\"id\": \"019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42\"}"))
        .isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> call("get", "{\"key\": \"none\"}")).isInstanceOf(NotFound.class);
  }

  @Test
  void list_cursor_walksAllOnce() {
    for (int i = 0; i < 7; i++) {
      remember("{\"text\": \"note " + i + "\", \"importance\": 0." + i + "}");
    }
    var seen = new HashSet<Json>();
    String cursor = null;
    int pages = 0;
    do {
      var page =
          call(
              "list",
              "{\"limit\": 3, \"order\": \"importance\""
                  + (cursor == null ? "}" : ", \"cursor\": \"" + cursor + "\"}"));
      list(page, "memories")
          .forEach(memory -> assertThat(seen.add(((Json.Obj) memory).get("id"))).isTrue());
      cursor = page.string("cursor");
      pages++;
    } while (cursor != null && pages < 10);
    assertThat(seen).hasSize(7);
  }

  @Test
  void list_filter_isApplied() {
    remember("{\"text\": \"a\", \"tags\": [\"x\"]}");
    remember("{\"text\": \"b\", \"tags\": [\"x\", \"y\"]}");
    assertThat(
            list(call("list", "{\"filter\": {\"tags\": {\"all\": [\"x\", \"y\"]}}}"), "memories"))
        .hasSize(1);
  }

  @Test
  void range_answersWhatLiesWithin() {
    remember("{\"text\": \"old\", \"at\": \"2020-01-01\"}");
    remember("{\"text\": \"new\", \"at\": \"2026-01-01\"}");
    var found =
        list(call("range", "{\"from\": \"2019-01-01\", \"to\": \"2021-01-01\"}"), "memories");
    assertThat(found).hasSize(1);
    assertThat(((Json.Obj) found.getFirst()).string("text")).isEqualTo("old");
  }

  @Test
  void recall_findsByWord() {
    remember("{\"text\": \"Anna prefers tea\"}");
    remember("{\"text\": \"Berlin is rainy\"}");
    var answer = call("recall", "{\"query\": \"tea\", \"explain\": true}");
    var hits = list(answer, "hits");
    assertThat(hits).hasSize(1);
    var hit = (Json.Obj) hits.getFirst();
    assertThat(hit.object("memory")).isNotNull();
    assertThat(hit.number("score")).isNotNull();
    assertThat(answer.bool("truncated")).isFalse();
    assertThat(answer.object("legs")).isNotNull();
  }

  @Test
  void revise_ifRevision_guards() {
    var id = remember("{\"text\": \"a\"}");
    var revised = call("revise", "{\"id\": \"" + id + "\", \"text\": \"b\", \"ifRevision\": 1}");
    assertThat(revised.get("revision")).isEqualTo(Json.of(2L));
    assertThatThrownBy(
            () -> call("revise", "{\"id\": \"" + id + "\", \"text\": \"c\", \"ifRevision\": 1}"))
        .isInstanceOf(Conflict.class);
  }

  @Test
  void revise_null_opensUntilAndExpires() {
    var id =
        remember(
            "{\"text\": \"a\", \"at\": \"2026-01-01\", \"until\": \"2027-01-01\", \"ttl\": \"7d\"}");
    assertThat(call("get", "{\"id\": \"" + id + "\"}").string("expires")).isNotNull();
    call("revise", "{\"id\": \"" + id + "\", \"until\": null, \"expires\": null}");
    var memory = call("get", "{\"id\": \"" + id + "\"}");
    assertThat(memory.string("until")).isNull();
    assertThat(memory.string("expires")).isNull();
  }

  @Test
  void history_diff_revert() {
    var id = remember("{\"text\": \"Anna prefers tea\"}");
    call(
        "revise",
        "{\"id\": \"" + id + "\", \"text\": \"Anna prefers coffee\", \"message\": \"why\"}");
    var revisions = list(call("history", "{\"id\": \"" + id + "\"}"), "revisions");
    assertThat(revisions).hasSize(2);
    assertThat(((Json.Obj) revisions.getLast()).string("message")).isEqualTo("why");
    assertThat(call("diff", "{\"id\": \"" + id + "\"}").string("diff"))
        .contains("Anna prefers tea")
        .contains("Anna prefers coffee");
    call("revert", "{\"id\": \"" + id + "\", \"revision\": 1}");
    assertThat(call("get", "{\"id\": \"" + id + "\"}").string("text"))
        .isEqualTo("Anna prefers tea");
  }

  @Test
  void diff_firstRevision_hasNothingBefore() {
    var id = remember("{\"text\": \"a\"}");
    assertThatThrownBy(() -> call("diff", "{\"id\": \"" + id + "\"}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("not changed yet");
  }

  @Test
  void branch_merge() {
    var id = remember("{\"text\": \"a\"}");
    call("branch", "{\"id\": \"" + id + "\", \"name\": \"draft\"}");
    call("revise", "{\"id\": \"" + id + "\", \"text\": \"b\", \"branch\": \"draft\"}");
    assertThat(call("get", "{\"id\": \"" + id + "\"}").string("text")).isEqualTo("a");
    assertThat(call("get", "{\"id\": \"" + id + "\", \"branch\": \"draft\"}").string("text"))
        .isEqualTo("b");
    call("merge", "{\"id\": \"" + id + "\", \"from\": \"draft\"}");
    assertThat(call("get", "{\"id\": \"" + id + "\"}").string("text")).isEqualTo("b");
  }

  @Test
  void link_unlink() {
    var one = remember("{\"text\": \"a\"}");
    var other = remember("{\"text\": \"b\"}");
    var arrow = "{\"from\": \"" + one + "\", \"type\": \"supports\", \"to\": \"" + other + "\"}";
    call("link", arrow);
    assertThat(list(call("get", "{\"id\": \"" + one + "\"}"), "links")).hasSize(1);
    call("unlink", arrow);
    assertThat(list(call("get", "{\"id\": \"" + one + "\"}"), "links")).isEmpty();
  }

  @Test
  void forget_byIdAndByFilter() {
    var id = remember("{\"text\": \"a\"}");
    remember("{\"text\": \"b\", \"tags\": [\"x\"]}");
    remember("{\"text\": \"c\", \"tags\": [\"x\"]}");
    assertThat(call("forget", "{\"id\": \"" + id + "\"}").get("forgotten")).isEqualTo(Json.of(1L));
    assertThat(call("forget", "{\"filter\": {\"tags\": {\"any\": [\"x\"]}}}").get("forgotten"))
        .isEqualTo(Json.of(2L));
    assertThat(list(call("list", "{}"), "memories")).isEmpty();
    assertThatThrownBy(() -> call("forget", "{}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("one of id and filter is required; found neither");
  }

  @Test
  void erase_neverTakesTheDefaultScope() {
    var id = remember("{\"text\": \"a\"}");
    assertThatThrownBy(() -> call("erase", "{}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("one of id and scope is required; found neither");
    var receipt = call("erase", "{\"id\": \"" + id + "\", \"reason\": \"asked to\"}");
    assertThat(list(receipt, "memories")).containsExactly(Json.of(id));
    assertThat(receipt.object("document")).isNotNull();
    assertThatThrownBy(() -> call("get", "{\"id\": \"" + id + "\"}")).isInstanceOf(NotFound.class);
  }

  @Test
  void erase_backups_standsAloneAndTellsWhatBecameOfEach() throws IOException {
    var id = remember("{\"text\": \"a\"}");
    var to = directory.resolve("backups");
    call("backup", "{\"to\": \"" + to + "\"}");
    var lost = call("backup", "{\"to\": \"" + to + "\"}").string("file");
    Files.delete(Path.of(requireNonNull(lost)));
    assertThatThrownBy(() -> call("erase", "{\"id\": \"" + id + "\", \"backups\": true}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("backups stands alone");
    var receipt = call("erase", "{\"id\": \"" + id + "\"}").string("id");
    var erasure = call("erase", "{\"backups\": true}");
    assertThat(list(erasure, "receipts")).containsExactly(Json.of(requireNonNull(receipt)));
    var backups = list(erasure, "backups");
    assertThat(backups).hasSize(2);
    assertThat(((Json.Obj) backups.get(0)).string("outcome")).isEqualTo("rewritten");
    assertThat(((Json.Obj) backups.get(1)).string("outcome")).isEqualTo("failed");
    var error = requireNonNull(((Json.Obj) backups.get(1)).object("error"));
    assertThat(requireNonNull(error.object("data")).string("name")).isEqualTo("NotFound");
  }

  @Test
  void export_import_roundTrip() throws IOException {
    remember("{\"text\": \"a\"}");
    var file = directory.resolve("all.jsonl");
    call("export", "{\"file\": \"" + file + "\"}");
    assertThat(Files.readAllLines(file)).isNotEmpty();
    assertThat(directory.resolve("all.jsonl.part")).doesNotExist();
    call("saveAnchor", "{\"to\": \"" + directory.resolve("anchor") + "\"}");
    assertThat(
            call("verify", "{\"anchor\": \"" + directory.resolve("anchor") + "\"}").bool("sound"))
        .isTrue();
    try (var other = Remanence.open(directory.resolve("other"))) {
      var report =
          new Protocol(other, "global")
              .dispatch("import", Json.object().put("file", file.toString()).build());
      assertThat(((Json.Obj) report).get("bad")).isEqualTo(Json.of(0L));
      assertThat(other.stats().memories()).isEqualTo(1);
    }
    assertThatThrownBy(() -> call("import", "{\"file\": \"" + directory.resolve("none") + "\"}"))
        .isInstanceOf(NotFound.class);
  }

  @Test
  void backup_keepsOutsideTheStore_restoreBringsBack() {
    remember("{\"text\": \"a\"}");
    var backup = call("backup", "{\"keep\": \"7d\", \"count\": 3}");
    var file = Path.of(text(backup, "file"));
    assertThat(file).exists().startsWith(directory.resolve("store-backups"));
    var restored =
        (Json.Obj)
            Protocol.dispatch(
                directory.resolve("restored"),
                "restore",
                Json.object().put("from", file.toString()).build(),
                Remanence.Progress.NONE);
    assertThat(text(restored, "store")).isEqualTo(directory.resolve("restored").toString());
    try (var other = Remanence.open(directory.resolve("restored"))) {
      assertThat(other.stats().memories()).isEqualTo(1);
    }
  }

  @Test
  void backup_every_setsASchedule() {
    assertThat(call("backup", "{\"every\": \"24h\", \"keep\": \"7d\"}").string("every"))
        .isEqualTo("1d");
    assertThat(call("backup", "{\"every\": \"off\"}")).hasToString("{\"every\":\"off\"}");
    assertThatThrownBy(() -> call("backup", "{\"every\": \"often\"}"))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void verify_stats_status_scopes_sessions_compact_doctor() {
    remember("{\"text\": \"a\"}");
    assertThat(call("verify", "{\"deep\": true}").bool("sound")).isTrue();
    assertThat(call("stats", "{}").get("memories")).isEqualTo(Json.of(1L));
    assertThat(call("status", "{}").fields())
        .containsOnlyKeys("pid", "version", "uptimeSeconds", "session", "store", "role", "writing");
    assertThat(call("scopes", "{}"))
        .hasToString("{\"scopes\":[{\"scope\":\"acme/user:42\",\"memories\":1}]}");
    assertThat(list(call("sessions", "{}"), "sessions")).isNotEmpty();
    assertThat(call("compact", "{}").number("bytesWon")).isNotNull();
    assertThat(list(call("doctor", "{}"), "findings")).isNotNull();
  }

  @Test
  void dispatch_overTheWrongThing_isForbidden() {
    assertThatThrownBy(() -> call("repair", "{}")).isInstanceOf(Forbidden.class);
    assertThatThrownBy(() ->
            Protocol.dispatch(
                directory, "list", (Json.Obj) Json.parse("{}"), Remanence.Progress.NONE))
        .isInstanceOf(Forbidden.class);
  }

  @Test
  void dispatch_unknownMethod_suggests() {
    assertThatThrownBy(() -> call("rember", "{}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("unknown method 'rember'; did you mean remember?");
  }

  // Assemblies

  @Test
  void assemblies_liveTheirLife() {
    var flight = remember("{\"text\": \"a flight\", \"vector\": [1, 0, 0, 0, 0, 0, 0, 0]}");
    var hotel = remember("{\"text\": \"a hotel\", \"vector\": [0, 1, 0, 0, 0, 0, 0, 0]}");
    var put =
        call(
            "assemblies.put",
            "{\"name\": \"Rome\", \"description\": \"in May\", \"members\": [\""
                + flight
                + "\"], \"tags\": [\"travel\"]}");
    assertThat(put.string("outcome")).isEqualTo("created");
    call("assemblies.add", "{\"name\": \"Rome\", \"members\": [\"" + hotel + "\"]}");

    var rome =
        call("assemblies.get", "{\"name\": \"Rome\", \"bodies\": true, \"composite\": true}");
    assertThat(rome.string("id")).isEqualTo(put.string("id"));
    assertThat(rome.string("description")).isEqualTo("in May");
    assertThat(list(rome, "members")).containsExactlyInAnyOrder(Json.of(flight), Json.of(hotel));
    assertThat(list(rome, "tags")).containsExactly(Json.of("assembly"), Json.of("travel"));
    assertThat(list(rome, "memories")).hasSize(2);
    var composite = (Json.Obj) list(rome, "composite").getFirst();
    assertThat(composite.string("model")).isEqualTo("given");
    assertThat(list(composite, "vector")).hasSize(8);
    assertThat(call("assemblies.get", "{\"name\": \"Rome\"}").fields())
        .doesNotContainKeys("memories", "composite");

    var listed = (Json.Obj) list(call("assemblies.list", "{}"), "assemblies").getFirst();
    assertThat(listed.string("name")).isEqualTo("Rome");
    var hit =
        (Json.Obj)
            list(call("assemblies.similar", "{\"id\": \"" + flight + "\"}"), "hits").getFirst();
    assertThat(((Json.Obj) requireNonNull(hit.get("assembly"))).string("name")).isEqualTo("Rome");

    call("assemblies.remove", "{\"name\": \"Rome\", \"members\": [\"" + hotel + "\"]}");
    assertThat(list(call("assemblies.get", "{\"name\": \"Rome\"}"), "members"))
        .containsExactly(Json.of(flight));
    assertThat(call("assemblies.forget", "{\"name\": \"Rome\"}").toString())
        .isEqualTo("{\"forgotten\":1}");
    assertThat(list(call("assemblies.list", "{}"), "assemblies")).isEmpty();
  }

  @Test
  void assemblies_badInput_isRefusedByName() {
    assertThatThrownBy(() -> call("assemblies.put", "{}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("name is required");
    assertThatThrownBy(() -> call("assemblies.put", "{\"name\": \"a\", \"members\": [\"b\"]}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("members[0] is an id");
    assertThatThrownBy(() -> call("assemblies.put", "{\"name\": \"a\", \"links\": []}"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("unknown parameter links");
    assertThatThrownBy(() -> call("assemblies.get", "{\"name\": \"a\"}"))
        .isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> call("assemblies.similar", "{}")).isInstanceOf(InvalidInput.class);
  }
}
