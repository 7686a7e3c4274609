package dev.remanence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Change;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Link;
import dev.remanence.Provenance;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The bytes of the data file do not move: golden values for header, body, hashes and dictionary. A
/// change here is a new format.
class FormatTest {
  private static final UUID MEMORY = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");

  private static final Header HEADER =
      new Header(
          Change.SUPERSEDE,
          7,
          (1_700_000_000_123L << 16) | 5,
          MEMORY,
          1_600_000_000_000L,
          1_650_000_000_000L,
          0x1122334455667788L,
          false,
          List.of(filled(16, 0xA1), filled(16, 0xB2)),
          filled(16, 0xC3));

  private static final Body BODY =
      new Body(
          new Body.Content("Ünïcode ☕", null, "Anna", new float[] {1.5f, -2.25f}),
          new Body.Attributes(
              Kind.EPISODIC,
              "the/key",
              List.of("a", "b"),
              Json.object().put("n", 3L).build(),
              0.75,
              true,
              List.of(new Link("about", MEMORY)),
              1_800_000_000_000L,
              2,
              new Provenance("s1", "t1", null, null, "test", 0.5, null, null)),
          new Body.Cause("s2", "t2", "why", "draft", null));

  private static byte[] filled(int length, int value) {
    var bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void header_hasTheseBytes() {
    assertThat(HexFormat.of().formatHex(HEADER.encode()))
        .isEqualTo(
            "010606020000000700000000".substring(0, 16)
                + HexFormat.of().toHexDigits((1_700_000_000_123L << 16) | 5)
                + "01890a5dac96774bbcceb302099a8057"
                + HexFormat.of().toHexDigits(1_600_000_000_000L)
                + HexFormat.of().toHexDigits(1_650_000_000_000L)
                + "1122334455667788"
                + "a1".repeat(16)
                + "b2".repeat(16)
                + "c3".repeat(16));
  }

  @Test
  void header_readsWhatItWrites() {
    var back = Header.decode(HEADER.encode());
    assertThat(back).usingRecursiveComparison().isEqualTo(HEADER);
    assertThat(back.encode()).isEqualTo(HEADER.encode());
  }

  @Test
  void body_hasThisHashAndReadsBack() {
    var bytes = BODY.encode();
    assertThat(Body.decode(bytes)).usingRecursiveComparison().isEqualTo(BODY);
    assertThat(Body.decode(bytes).encode()).isEqualTo(bytes);
    assertThat(HexFormat.of().formatHex(Hash.sha256(bytes)))
        .isEqualTo("c4d003a8f89098cb7ef2ee6727305a2a52951ad734eb8e2bf65ab7baaf73aae2");
  }

  @Test
  void contentIdentity_isTheHashOfCanonicalJson() {
    var content = new Body.Content("tea", null, "Anna", null);
    assertThat(content.identity())
        .isEqualTo(
            Hash.sha256(
                "{\"speaker\":\"Anna\",\"text\":\"tea\"}".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void revisionHash_hasThisValue() {
    var hash =
        Hash.revision(
            Hash.zero(),
            filled(16, 1),
            filled(16, 2),
            3,
            HEADER.encode(),
            Hash.body(filled(16, 4), BODY.encode()));
    assertThat(Hash.hex(hash))
        .isEqualTo("0e99c739ad88137928aadd668b7b3d216731a6ba93a0e100feb5a3863ace4bf3");
  }

  @Test
  void builtInDictionary_neverChanges() {
    assertThat(Hash.hex(Hash.sha256(Packer.builtIn())))
        .isEqualTo("6c5fb6f05ec2f1479127680bb6d97b8bd4ad7c3942d41c40fd762127c4ef284f");
  }

  @Test
  void body_withAFieldOfALaterVersion_isReadWithoutIt() {
    var known = BODY.encode();
    var later = Arrays.copyOf(known, known.length + 4);
    later[known.length] = 99;
    later[known.length + 1] = 2;
    assertThat(Body.decode(later)).usingRecursiveComparison().isEqualTo(BODY);
  }

  /// Any bytes are read or refused as malformed, never anything else.
  @Test
  void decoders_onMutatedBytes_throwNothingElse() {
    long seed = Long.getLong("remanence.seed", System.nanoTime());
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 20_000; round++) {
      var bytes = (round % 2 == 0 ? HEADER.encode() : BODY.encode()).clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 8));
      try {
        if (round % 2 == 0) {
          Header.decode(bytes);
        } else {
          Body.decode(bytes);
        }
      } catch (MalformedBytes e) {
        assertThat(e.getMessage()).isNotEmpty();
      } catch (RuntimeException e) {
        throw new AssertionError("-Dremanence.seed=" + seed, e);
      }
    }
  }

  @Test
  void packer_withAnotherDictionary_refuses() {
    var packer = new Packer();
    var body = "the user prefers tea in the morning and coffee in the afternoon".repeat(3);
    try (var bench = packer.new Bench()) {
      var packed = bench.pack(body.getBytes(StandardCharsets.UTF_8));
      assertThat(packed.dictionary()).isEqualTo(Packer.BUILT_IN);
      assertThat(packed.bytes().length).isLessThan(body.length() / 2);
      assertThat(bench.unpack(packed.dictionary(), packed.bytes()))
          .isEqualTo(body.getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> bench.unpack(9, packed.bytes())).isInstanceOf(MalformedBytes.class);
    }
  }
}
