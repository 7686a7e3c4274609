package dev.remanence.mind.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Caller;
import dev.remanence.Grant;
import dev.remanence.Json;
import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.Verb;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs over a real store: what they see and change is what the store's caller may.
class StoreFunctionsTest {
  @TempDir Path directory;
  private Remanence store;

  @BeforeEach
  void open() {
    store = Remanence.open(directory.resolve("store"), OpenOptions.DEFAULT.embedder("none"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Outcome run(String program) {
    return new Sandbox(SandboxLimits.DEFAULT, StoreFunctions.of(store, "acme/anna")).run(program);
  }

  private String value(String program) {
    var outcome = run(program);
    assertThat(outcome.failure()).isNull();
    return outcome.value().toString();
  }

  private static Outcome.Failure failure(Outcome outcome) {
    return Objects.requireNonNull(outcome.failure());
  }

  @Test
  void remember_fromAProgram_isRecalledByOne() {
    assertThat(
            value(
                """
                for drink in ["tea", "coffee"]:
                    remember("Anna drinks " + drink, tags=["drink", drink], importance=0.9)
                hits = recall("what does Anna drink?", limit=5)["hits"]
                result = sorted(hit["memory"]["text"] for hit in hits)
                """))
        .isEqualTo("[\"Anna drinks coffee\",\"Anna drinks tea\"]");
    assertThat(store.scope("acme/anna").recall("tea").hits()).isNotEmpty();
  }

  @Test
  void writing_changesWhatIsThere() {
    assertThat(
            value(
                """
                a = remember("one", key="a")
                b = remember(content={"n": [1, 2]}, kind="episodic", at="2026-01-02")
                revise(a["id"], text="uno", message="in Italian")
                link(a["id"], "before", b["id"])
                linked = get(a["id"])["links"]
                unlink(a["id"], "before", b["id"])
                print(get(key="a")["text"], get(b["id"])["at"], linked[0]["type"])
                print([r["change"] for r in history(a["id"])["revisions"]])
                print(forget(b["id"], reason="done"))
                result = [m["text"] for m in list_memories()["memories"]]
                """))
        .isEqualTo("[\"uno\"]");
  }

  @Test
  void reading_filtersAndRanges() {
    assertThat(
            value(
                """
                for i in range(5):
                    remember(f"note {i}", tags=["even" if i % 2 == 0 else "odd"],
                             metadata={"n": i}, at=f"2026-03-0{i + 1}")
                even = list_memories(filter={"tags": ["even"]}, order="at")["memories"]
                spring = range_memories("2026-03-02", "2026-03-04")["memories"]
                two = list_memories({"metadata": {"n": 2}})["memories"]
                result = [len(even), [m["text"] for m in spring], two[0]["text"], scopes()["scopes"]]
                """))
        .isEqualTo(
            "[3,[\"note 1\",\"note 2\"],\"note 2\",[{\"scope\":\"acme/anna\",\"memories\":5}]]");
  }

  @Test
  void facts_areSetAndListed() {
    assertThat(
            value(
                """
                facts_set("city", "Lisbon")
                facts_set("langs", ["de", "en"], pinned=True)
                result = [facts_get("city")["value"], [f["key"] for f in facts_list()["facts"]]]
                """))
        .isEqualTo("[\"Lisbon\",[\"city\",\"langs\"]]");
  }

  /// The program of the seed, but for its query.
  @Test
  void entities_workAsTheProgramsThatKnowThemExpect() {
    assertThat(
            value(
                """
                create_entities([
                    {"name": "user-preferences", "entityType": "preference",
                     "observations": ["Prefers voice", "Uses parallel execution", "Likes tea"]},
                    {"name": "other", "entityType": "thing", "observations": ["test"]}])
                results = search_nodes("voice preferences", limit=100)
                filtered = [r for r in results if len(r['observations']) > 2]
                result = {"count": len(filtered), "total": get_memory_status()["total_entities"]}
                """))
        .isEqualTo("{\"count\":1,\"total\":2}");
  }

  @Test
  void failures_areExceptionsWithTheirNames() {
    var outcome =
        run(
            """
            try:
                get("00000000-0000-7000-8000-000000000000")
            except NotFound as e:
                print("gone:", e)
            for call in (lambda: get("x"), lambda: remember(""), lambda: recall("q", limit=0)):
                try: call()
                except RemanenceError as e: print(type(e), str(e).split(":")[0])
            get(key="nothing")
            """);
    assertThat(outcome.output())
        .startsWith("gone: NotFound: ")
        .contains("<class 'InvalidInput'> InvalidInput");
    assertThat(failure(outcome).name()).isEqualTo("NotFound");
    assertThat(failure(outcome).line()).isEqualTo(8);
  }

  @Test
  void grant_ofTheCaller_holdsInPrograms() {
    store.scope("acme/anna").remember("Anna's");
    store.scope("other").remember("hidden");
    var grant = new Grant(Set.of(Verb.READ), List.of("acme/**"));
    try (var session = store.session(Caller.of("agent").grant(grant))) {
      var sandbox = new Sandbox(SandboxLimits.DEFAULT, StoreFunctions.of(session, "acme/anna"));
      assertThat(sandbox.run("len(list_memories()['memories'])").value()).isEqualTo(Json.of(1));
      assertThat(failure(sandbox.run("remember('x')")).name()).isEqualTo("Forbidden");
      assertThat(failure(sandbox.run("list_memories(scope='other')")).name())
          .isIn("Forbidden", "NotFound");
    }
  }

  @Test
  void erase_isNotGiven() {
    assertThat(failure(run("erase('x')")).name()).isEqualTo("NameError");
    assertThat(failure(run("eraseScope('x')")).name()).isEqualTo("NameError");
  }

  @Test
  void answers_areChargedByTheirSize() {
    store.scope("acme/anna").remember("x".repeat(900_000));
    var limits = SandboxLimits.DEFAULT.bytes(1 << 20);
    var sandbox = new Sandbox(limits, StoreFunctions.of(store, "acme/anna"));
    assertThat(failure(sandbox.run("list_memories()")).name()).isEqualTo("LimitExceeded");
  }
}
