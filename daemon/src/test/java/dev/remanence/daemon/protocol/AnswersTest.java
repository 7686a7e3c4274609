package dev.remanence.daemon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Change;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Link;
import dev.remanence.Memory;
import dev.remanence.Provenance;
import dev.remanence.Receipt;
import dev.remanence.Revised;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class AnswersTest {
  private static final UUID ID = UUID.fromString("019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42");
  private static final UUID OTHER = UUID.fromString("019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b43");
  private static final Instant AT = Instant.parse("2026-11-21T09:30:00Z");

  @Test
  void memory_everyField() {
    var memory =
        new Memory(
            ID,
            "acme",
            Kind.EPISODIC,
            "k",
            "t",
            null,
            "Anna",
            List.of("a"),
            Json.object().put("n", 1L).build(),
            0.5,
            true,
            List.of(new Link("supports", OTHER)),
            AT,
            AT.plusMillis(5),
            3,
            "draft",
            AT,
            AT,
            2,
            7L,
            0.25,
            new Provenance("s", "cli", "page 3", AT, "by hand", 0.9, AT, OTHER),
            AT,
            false,
            "h");
    assertThat(Answers.memory(memory))
        .hasToString(
            """
            {"id":"019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42","scope":"acme","kind":"episodic","key":"k",\
            "text":"t","speaker":"Anna","tags":["a"],"metadata":{"n":1},"importance":0.5,"pinned":true,\
            "links":[{"type":"supports","to":"019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b43"}],\
            "at":"2026-11-21T09:30:00.000Z","until":"2026-11-21T09:30:00.005Z","revision":3,\
            "branch":"draft","createdAt":"2026-11-21T09:30:00.000Z",\
            "updatedAt":"2026-11-21T09:30:00.000Z","count":2,"uses":7,"strength":0.25,\
            "provenance":{"session":"s","tool":"cli","source":"page 3",\
            "sourceTime":"2026-11-21T09:30:00.000Z","method":"by hand","confidence":0.9,\
            "lastConfirmed":"2026-11-21T09:30:00.000Z",\
            "parent":"019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b43"},\
            "expires":"2026-11-21T09:30:00.000Z","durable":false,"hash":"h"}\
            """);
  }

  @Test
  void memory_fewestFields() {
    var memory =
        new Memory(
            ID,
            "global",
            Kind.SEMANTIC,
            null,
            null,
            Json.parse("[1, {\"a\": null}]"),
            null,
            List.of(),
            new Json.Obj(Map.of()),
            0.5,
            false,
            List.of(),
            AT,
            null,
            1,
            "main",
            AT,
            AT,
            1,
            0L,
            1,
            Provenance.NONE,
            null,
            true,
            "h");
    assertThat(Answers.memory(memory))
        .hasToString(
            """
            {"id":"019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42","scope":"global","kind":"semantic",\
            "content":[1,{"a":null}],"tags":[],"metadata":{},"importance":0.5,"pinned":false,\
            "links":[],"at":"2026-11-21T09:30:00.000Z","revision":1,\
            "createdAt":"2026-11-21T09:30:00.000Z","updatedAt":"2026-11-21T09:30:00.000Z","count":1,\
            "uses":0,"strength":1,"provenance":{},"durable":true,"hash":"h"}\
            """);
  }

  @Test
  void history_ofErased_hasNoMemory() {
    var erased =
        new Revised(
            ID,
            2,
            Change.ERASE,
            "main",
            List.of(1),
            AT,
            "s",
            null,
            null,
            "site",
            9,
            "h",
            true,
            null);
    assertThat(Answers.history(List.of(erased), null))
        .hasToString(
            """
            {"revisions":[{"id":"019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42","revision":2,"change":"erase",\
            "branch":"main","parents":[1],"recordedAt":"2026-11-21T09:30:00.000Z","session":"s",\
            "site":"site","sequence":9,"hash":"h","erased":true}]}\
            """);
  }

  @Test
  void receipt_carriesTheSignedDocument() {
    var document = Json.object().put("signature", "x").build();
    var receipt =
        new Receipt(
            ID,
            List.of(OTHER),
            2,
            AT,
            "s",
            "cli",
            null,
            List.of(),
            List.of(new Receipt.HeldBy("/b/1", null, null)),
            document);
    assertThat(Answers.receipt(receipt))
        .hasToString(
            """
            {"id":"019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42",\
            "memories":["019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b43"],"revisions":2,\
            "at":"2026-11-21T09:30:00.000Z","session":"s","tool":"cli","derived":[],\
            "backups":[{"file":"/b/1"}],"document":{"signature":"x"}}\
            """);
  }
}
