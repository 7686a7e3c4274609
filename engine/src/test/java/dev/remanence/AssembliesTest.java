package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.TooLarge;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rules of docs/assemblies.md, through the public face.
class AssembliesTest {
  private static final int DIMENSIONS = 8;

  @TempDir Path directory;
  private final TestClock clock = new TestClock();
  private EmbeddedStore store;
  private Assemblies trips;

  /// Time that moves only when told.
  private static final class TestClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    Instant tick(Duration step) {
      now = now.plus(step);
      return now;
    }
  }

  @BeforeEach
  void open() {
    store = open("store", OpenOptions.DEFAULT);
    trips = store.assemblies("acme");
  }

  private EmbeddedStore open(String name, OpenOptions options) {
    return EmbeddedStore.open(directory.resolve(name), options, clock, new SecureRandom());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private UUID remember(String text, double... vector) {
    return store.remember("acme", Draft.of(text).vector(floats(vector))).id();
  }

  /// A direction of eight numbers, the rest zero.
  private static float[] floats(double... numbers) {
    var floats = new float[DIMENSIONS];
    for (int i = 0; i < numbers.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  private static AssemblyDraft rome(UUID... members) {
    return AssemblyDraft.of("Rome").description("the week in May").members(members);
  }

  private List<String> near(Similar question) {
    return trips.similar(question).stream().map(near -> near.assembly().name()).toList();
  }

  // Life

  @Test
  void put_newName_isAnAssemblyAndAMemory() {
    var flight = remember("a flight at nine", 1, 0);
    var hotel = remember("a hotel near the river", 0, 1);
    var put = trips.put(rome(flight, hotel).tags("travel").importance(0.8));

    assertThat(put.outcome()).isEqualTo(Remembered.Outcome.CREATED);
    var rome = trips.get("Rome");
    assertThat(rome.name()).isEqualTo("Rome");
    assertThat(rome.description()).isEqualTo("the week in May");
    assertThat(rome.members()).containsExactlyInAnyOrder(flight, hotel);
    assertThat(rome.memory().tags()).containsExactly("assembly", "travel");
    assertThat(rome.memory().importance()).isEqualTo(0.8);
    assertThat(store.get(put.id()).text()).isEqualTo("Rome\nthe week in May");
    assertThat(trips.members("Rome", AsOf.NOW))
        .extracting(Memory::text)
        .containsExactlyInAnyOrder("a flight at nine", "a hotel near the river");
  }

  @Test
  void put_nameThatIsThere_changesOnlyWhatIsTold() {
    var flight = remember("a flight at nine", 1, 0);
    var other = remember("what it came from", 1, 1);
    var first = trips.put(rome(flight).tags("travel"));
    store.link(first.id(), "supports", other);

    var put = trips.put(AssemblyDraft.of("Rome").importance(0.9));
    assertThat(put.outcome()).isEqualTo(Remembered.Outcome.REVISED);
    var rome = trips.get("Rome");
    assertThat(rome.description()).isEqualTo("the week in May");
    assertThat(rome.members()).containsExactly(flight);
    assertThat(rome.memory().tags()).containsExactly("assembly", "travel");

    trips.put(AssemblyDraft.of("Rome").description("").members().tags());
    var emptied = trips.get("Rome");
    assertThat(emptied.description()).isNull();
    assertThat(emptied.members()).isEmpty();
    assertThat(emptied.memory().tags()).containsExactly("assembly");
    assertThat(emptied.memory().links()).containsExactly(new Link("supports", other));
    assertThat(emptied.memory().importance()).isEqualTo(0.9);
  }

  @Test
  void put_nothingToldOfOneThatIsThere_writesNoRevision() {
    var first = trips.put(rome());
    assertThat(trips.put(AssemblyDraft.of("Rome")).revision()).isEqualTo(first.revision());
    assertThat(store.history(first.id())).hasSize(1);
  }

  @Test
  void addAndRemove_manyMembers_areOneRevisionEach() {
    var ids = IntStream.range(0, 5).mapToObj(i -> remember("part " + i, i + 1, 1)).toList();
    var put = trips.put(rome(ids.getFirst()));
    assertThat(trips.add("Rome", ids).revision()).isEqualTo(2);
    assertThat(trips.add("Rome", ids).revision()).isEqualTo(2);
    assertThat(trips.get("Rome").members()).containsExactlyInAnyOrderElementsOf(ids);

    assertThat(trips.remove("Rome", ids.subList(0, 2)).revision()).isEqualTo(3);
    assertThat(trips.get("Rome").members()).containsExactlyInAnyOrderElementsOf(ids.subList(2, 5));
    assertThat(store.history(put.id()))
        .extracting(Revised::change)
        .containsExactly(Change.CREATE, Change.LINK, Change.UNLINK);
    assertThatThrownBy(() -> trips.remove("Rome", ids.subList(1, 3))).isInstanceOf(NotFound.class);
    assertThat(trips.get("Rome").members()).hasSize(3);
  }

  @Test
  void forget_leavesMembersAndHistory_andFreesTheName() {
    var flight = remember("a flight at nine", 1, 0);
    var put = trips.put(rome(flight));
    var before = clock.instant();
    clock.tick(Duration.ofHours(1));
    trips.forget("Rome", "over");

    assertThatThrownBy(() -> trips.get("Rome")).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> trips.forget("Rome", null)).isInstanceOf(NotFound.class);
    assertThat(trips.list(Listing.FIRST).assemblies()).isEmpty();
    assertThat(near(Similar.to(floats(1, 0)))).isEmpty();
    assertThat(store.get(flight).text()).isEqualTo("a flight at nine");
    assertThat(trips.get("Rome", AsOf.NOW.knownAt(before)).members()).containsExactly(flight);
    assertThat(trips.put(rome()).id()).isNotEqualTo(put.id());
  }

  @Test
  void list_isOfAssembliesOnly_pageByPage() {
    remember("no assembly", 1, 0);
    for (int i = 0; i < 5; i++) {
      clock.tick(Duration.ofSeconds(1));
      trips.put(AssemblyDraft.of("trip " + i).tags(i % 2 == 0 ? "even" : "odd"));
    }
    var first = trips.list(Listing.FIRST.limit(3));
    var second = trips.list(Listing.FIRST.limit(3).after(first.cursor()));
    assertThat(first.assemblies())
        .extracting(Assembly::name)
        .containsExactly("trip 4", "trip 3", "trip 2");
    assertThat(second.assemblies()).extracting(Assembly::name).containsExactly("trip 1", "trip 0");
    assertThat(second.cursor()).isNull();
    assertThat(trips.list(Listing.FIRST.filter(Filter.tagged("odd"))).assemblies())
        .extracting(Assembly::name)
        .containsExactly("trip 3", "trip 1");
    assertThatThrownBy(() -> trips.list(Listing.FIRST.filter(Filter.ALL.withKeyPrefix("city"))))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void recall_findsAssembliesByNameAndDescription_andTheTagLeavesThemOut() {
    store.remember("acme", Draft.of("In May we were busy"));
    trips.put(rome());
    assertThat(store.recall("acme", Query.of("rome week")).hits().getFirst().memory().key())
        .isEqualTo("assembly:Rome");
    var without =
        new Filter(
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(Assembly.TAG),
            Map.of(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    assertThat(store.recall("acme", Query.of("rome week may").filter(without)).hits())
        .extracting(hit -> hit.memory().text())
        .containsExactly("In May we were busy");
  }

  // Members that go

  @Test
  void member_forgottenErasedOrExpired_dropsOutAndARevertBringsItBack() {
    var kept = remember("kept", 1, 0);
    var forgotten = remember("forgotten", 0, 1);
    var erased = remember("erased", 0, -1);
    var expiring =
        store
            .remember("acme", Draft.of("expiring").vector(floats(-1, 0)).ttl(Duration.ofMinutes(1)))
            .id();
    trips.put(rome(kept, forgotten, erased, expiring));
    assertThat(trips.composites("Rome")).isEmpty();

    store.forget(forgotten, null);
    assertThat(trips.get("Rome").members()).containsExactlyInAnyOrder(kept, erased, expiring);
    assertThat(trips.composites("Rome").getFirst().vector()).isEqualTo(floats(0, -1));
    store.erase(erased, null);
    assertThat(trips.get("Rome").members()).containsExactlyInAnyOrder(kept, expiring);
    assertThat(trips.composites("Rome")).isEmpty();
    clock.tick(Duration.ofMinutes(2));
    assertThat(trips.get("Rome").members()).containsExactly(kept);
    assertThat(trips.list(Listing.FIRST).assemblies().getFirst().members()).containsExactly(kept);
    assertThat(trips.composites("Rome").getFirst().vector()).isEqualTo(floats(1, 0));

    store.revert(forgotten, 1, null);
    assertThat(trips.get("Rome").members()).containsExactlyInAnyOrder(kept, forgotten);
    assertThat(trips.composites("Rome").getFirst().members()).isEqualTo(2);
  }

  @Test
  void scopeOfMembers_erased_dropsThemOut() {
    var elsewhere = store.remember("other", Draft.of("there").vector(floats(0, 1))).id();
    trips.put(rome(remember("here", 1, 0), elsewhere));
    assertThat(trips.composites("Rome").getFirst().members()).isEqualTo(2);
    store.eraseScope("other", false, null);
    assertThat(trips.composites("Rome").getFirst().vector()).isEqualTo(floats(1, 0));
    assertThat(trips.get("Rome").members()).hasSize(1);
  }

  @Test
  void get_asOfThePast_isTheAssemblyAndTheMembersOfThen() {
    var flight = remember("a flight at nine", 1, 0);
    var hotel = remember("a hotel near the river", 0, 1);
    trips.put(rome(flight, hotel));
    var then = clock.instant();
    clock.tick(Duration.ofHours(1));
    store.revise(flight, new Patch().text("a flight at ten"));
    store.forget(hotel, null);
    var tram = remember("a tram", 1, 1);
    trips.put(AssemblyDraft.of("Rome").description("the week in June"));
    trips.add("Rome", List.of(tram));

    var past = AsOf.NOW.knownAt(then);
    assertThat(trips.get("Rome", past).description()).isEqualTo("the week in May");
    assertThat(trips.get("Rome", past).members()).containsExactlyInAnyOrder(flight, hotel);
    assertThat(trips.members("Rome", past))
        .extracting(Memory::text)
        .containsExactlyInAnyOrder("a flight at nine", "a hotel near the river");
    assertThat(trips.members("Rome", AsOf.NOW))
        .extracting(Memory::text)
        .containsExactlyInAnyOrder("a flight at ten", "a tram");
    assertThatThrownBy(() -> trips.get("Rome", AsOf.NOW.knownAt(then.minusSeconds(1))))
        .isInstanceOf(NotFound.class);
  }

  // Refusals

  @Test
  void badInput_isRefused_andNothingChanges() {
    var known = remember("known", 1, 0);
    var unknown = UUID.randomUUID();
    var put = trips.put(rome(known));

    assertThatThrownBy(() -> trips.put(AssemblyDraft.of(" "))).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> trips.put(AssemblyDraft.of("a\nb"))).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> trips.put(AssemblyDraft.of("a".repeat(257))))
        .isInstanceOf(TooLarge.class);
    assertThatThrownBy(() -> trips.put(AssemblyDraft.of("Oslo").members(known, unknown)))
        .isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> trips.get("Oslo")).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> trips.add("Rome", List.of(unknown))).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> trips.add("Rome", List.of(put.id()))).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> trips.add("Oslo", List.of(known))).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> trips.similar(Similar.to(new float[DIMENSIONS + 1])))
        .isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> trips.similar(Similar.to(unknown))).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> store.assemblies("a//b")).isInstanceOf(InvalidInput.class);
    assertThat(store.history(put.id())).hasSize(1);
  }

  @Test
  void members_moreThanTheLimit_areRefusedUntilOnesThatAreGoneGiveTheirPlace() {
    var drafts =
        IntStream.range(0, Assembly.MEMBERS_MAX + 1).mapToObj(i -> Draft.of("part " + i)).toList();
    var ids = store.rememberAll("acme", drafts).stream().map(Remembered::id).toList();
    assertThatThrownBy(() -> trips.put(AssemblyDraft.of("Rome").members(ids)))
        .isInstanceOf(TooLarge.class);
    trips.put(AssemblyDraft.of("Rome").members(ids.subList(1, ids.size())));
    assertThatThrownBy(() -> trips.add("Rome", ids.subList(0, 1))).isInstanceOf(TooLarge.class);

    store.forget(ids.getLast(), null);
    trips.add("Rome", ids.subList(0, 1));
    assertThat(trips.get("Rome").members())
        .containsExactlyInAnyOrderElementsOf(ids.subList(0, ids.size() - 1));
  }

  // Scopes

  @Test
  void scopes_readsByNameClimb_andNothingElseDoes() {
    var id = remember("a flight at nine", 1, 0);
    trips.put(rome(id));
    var user = store.assemblies("acme/user:42");
    assertThat(user.get("Rome").memory().scope()).isEqualTo("acme");
    assertThat(user.composites("Rome")).hasSize(1);
    assertThat(user.list(Listing.FIRST).assemblies()).isEmpty();
    assertThat(user.list(Listing.FIRST.inherit(true)).assemblies()).hasSize(1);
    assertThat(user.similar(Similar.to(floats(1, 0)))).isEmpty();
    assertThat(user.similar(new Similar(null, null, floats(1, 0), 0, 10, Filter.ALL, true)))
        .hasSize(1);
    assertThatThrownBy(() -> user.add("Rome", List.of(id))).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> user.forget("Rome", null)).isInstanceOf(NotFound.class);

    user.put(AssemblyDraft.of("Rome").description("hers"));
    assertThat(user.get("Rome").description()).isEqualTo("hers");
    assertThat(trips.get("Rome").description()).isEqualTo("the week in May");
  }

  // Composite vectors

  @Test
  void similar_ranksByTheCompositeOfItsModel() {
    var east = remember("east", 1, 0.1);
    var north = remember("north", 0.1, 1);
    trips.put(AssemblyDraft.of("east").members(east));
    trips.put(AssemblyDraft.of("north").members(north));
    trips.put(AssemblyDraft.of("between").members(east, north));
    trips.put(AssemblyDraft.of("empty"));

    assertThat(near(Similar.to(floats(5, 0)))).containsExactly("east", "between", "north");
    assertThat(near(Similar.to(north))).containsExactly("north", "between", "east");
    assertThat(near(Similar.to(trips.get("east").memory().id())))
        .containsExactly("between", "north");
    assertThat(near(new Similar(null, null, floats(5, 0), 0.5, 10, Filter.ALL, false)))
        .containsExactly("east", "between");
    assertThat(near(new Similar(null, null, floats(5, 0), 0, 1, Filter.ALL, false)))
        .containsExactly("east");
    var best = trips.similar(Similar.to(floats(0.1, 1))).getFirst();
    assertThat(best.score()).isCloseTo(1, within(1e-6));
    assertThat(best.assembly().members()).containsExactly(north);
  }

  @Test
  void similar_toAText_asksTheModel_alsoOfMembersEmbeddedLater() {
    try (var speaking = open("speaking", OpenOptions.DEFAULT.embedder("static"))) {
      var trips = speaking.assemblies("acme");
      var flight = speaking.remember("acme", Draft.of("the plane leaves the airport at nine")).id();
      var tea = speaking.remember("acme", Draft.of("a cup of green tea with honey")).id();
      trips.put(AssemblyDraft.of("journeys").members(flight));
      trips.put(AssemblyDraft.of("drinks").members(tea));
      assertThat(trips.similar(Similar.to("airport and plane")).getFirst().assembly().name())
          .isEqualTo("journeys");
      assertThat(trips.similar(Similar.to("tea with honey")).getFirst().assembly().name())
          .isEqualTo("drinks");

      var late = speaking.remember("acme", Draft.of("a ship to an island").defer(true)).id();
      trips.put(AssemblyDraft.of("ships").members(late));
      trips.composites("ships");
      speaking.embedMissing(Remanence.Progress.NONE);
      assertThat(trips.similar(Similar.to("a ship to an island")).getFirst().assembly().name())
          .isEqualTo("ships");
    }
  }

  @Test
  void composite_ofALongMember_weighsNoMoreThanOfAShortOne() {
    try (var speaking = open("speaking", OpenOptions.DEFAULT.embedder("static"))) {
      var trips = speaking.assemblies("acme");
      var tea = speaking.remember("acme", Draft.of("a cup of green tea")).id();
      var journey = "The plane leaves the airport at nine, then a train goes to the town. ";
      var flight = speaking.remember("acme", Draft.of(journey.repeat(60))).id();
      trips.put(AssemblyDraft.of("tea").members(tea));
      trips.put(AssemblyDraft.of("flight").members(flight));
      trips.put(AssemblyDraft.of("both").members(tea, flight));
      var one = trips.composites("tea").getFirst().vector();
      var other = trips.composites("flight").getFirst().vector();
      var sum = new double[one.length];
      for (int i = 0; i < sum.length; i++) {
        sum[i] = (double) one[i] + other[i];
      }
      assertClose(trips.composites("both").getFirst().vector(), unit(sum), 1e-5);
    }
  }

  /// Invariants: after each acknowledged change the members are those added, not removed and still
  /// there, and the composite is the mean of their directions.
  @Test
  void composite_afterRandomChanges_isTheMeanByBruteForce() {
    long seed = Long.getLong("remanence.seed", new SecureRandom().nextLong());
    var model = new Model(new SplittableRandom(seed));
    try {
      for (int step = 0; step < 400; step++) {
        model.step();
        model.check();
      }
    } catch (AssertionError | RemanenceException e) {
      throw new AssertionError("replay with -Dremanence.seed=" + seed, e);
    }
  }

  /// The same while others ask all the time, so that what they compute meets each change.
  @Test
  void composite_whileOthersAsk_isCurrentOnceAChangeIsAcknowledged() throws Exception {
    long seed = Long.getLong("remanence.seed", new SecureRandom().nextLong());
    var model = new Model(new SplittableRandom(seed));
    model.step();
    var done = new AtomicBoolean();
    try (var pool = Executors.newFixedThreadPool(3)) {
      for (int i = 0; i < 3; i++) {
        pool.execute(() -> {
          while (!done.get()) {
            trips.composites("Rome");
          }
        });
      }
      try {
        for (int step = 0; step < 300; step++) {
          model.step();
          model.check();
        }
      } catch (AssertionError | RemanenceException e) {
        throw new AssertionError("replay with -Dremanence.seed=" + seed, e);
      } finally {
        done.set(true);
      }
    }
  }

  /// What the assembly must be, kept beside the store.
  private final class Model {
    private final SplittableRandom random;
    private final TreeMap<UUID, float[]> current = new TreeMap<>();
    private final TreeMap<UUID, float[]> gone = new TreeMap<>();
    private final List<UUID> members = new ArrayList<>();
    private int written;

    Model(SplittableRandom random) {
      this.random = random;
      trips.put(rome());
    }

    void step() {
      clock.tick(Duration.ofMillis(1));
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> {
          var vector = vector();
          var id = store.remember("acme", Draft.of("memory " + written++).vector(vector)).id();
          current.put(id, vector);
        }
        case 3, 4 -> {
          var id = any();
          if (id != null) {
            trips.add("Rome", List.of(id));
            if (!members.contains(id)) {
              members.add(id);
            }
          }
        }
        case 5 -> {
          if (!members.isEmpty()) {
            trips.remove("Rome", List.of(members.remove(random.nextInt(members.size()))));
          }
        }
        case 6 -> {
          var id = any();
          if (id != null) {
            store.forget(id, null);
            gone.put(id, current.remove(id));
          }
        }
        case 7 -> {
          var id = any();
          if (id != null) {
            var vector = vector();
            store.revise(id, new Patch().text("revised " + written++).vector(vector));
            current.put(id, vector);
          }
        }
        case 8 -> {
          var id = any();
          if (id != null && random.nextInt(3) == 0) {
            store.erase(id, null);
            current.remove(id);
          }
        }
        default -> {
          if (!gone.isEmpty()) {
            var id = gone.firstKey();
            store.revert(id, store.history(id).size() - 1, null);
            current.put(id, gone.remove(id));
          }
        }
      }
    }

    private @Nullable UUID any() {
      var ids = List.copyOf(current.keySet());
      return ids.isEmpty() ? null : ids.get(random.nextInt(ids.size()));
    }

    private float[] vector() {
      var vector = new float[DIMENSIONS];
      for (int i = 0; i < DIMENSIONS; i++) {
        vector[i] = (float) (random.nextDouble() * 20 - 10);
      }
      return vector;
    }

    void check() {
      var present = members.stream().filter(current::containsKey).toList();
      assertThat(trips.get("Rome").members()).containsExactlyInAnyOrderElementsOf(present);
      var sum = new double[DIMENSIONS];
      for (var id : present) {
        var numbers = new double[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
          numbers[i] = Objects.requireNonNull(current.get(id))[i];
        }
        var direction = unit(numbers);
        for (int i = 0; i < DIMENSIONS; i++) {
          sum[i] += direction[i];
        }
      }
      var composites = trips.composites("Rome");
      if (present.isEmpty()) {
        assertThat(composites).isEmpty();
        assertThat(trips.similar(Similar.to(vector()))).isEmpty();
        return;
      }
      var composite = composites.getFirst();
      assertThat(composite.members()).isEqualTo(present.size());
      assertClose(composite.vector(), unit(sum), 1e-5);
      var asked = vector();
      var near = trips.similar(new Similar(null, null, asked, -1, 10, Filter.ALL, false));
      assertThat(near.getFirst().score()).isCloseTo(cosine(asked, unit(sum)), within(1e-5));
    }
  }

  private static double[] unit(double[] vector) {
    double square = 0;
    for (double number : vector) {
      square += number * number;
    }
    var unit = vector.clone();
    for (int i = 0; i < unit.length; i++) {
      unit[i] /= Math.sqrt(square);
    }
    return unit;
  }

  private static double cosine(float[] one, double[] unit) {
    double sum = 0;
    double square = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * unit[i];
      square += (double) one[i] * one[i];
    }
    return sum / Math.sqrt(square);
  }

  private static void assertClose(float[] found, double[] expected, double distance) {
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i]).isCloseTo(expected[i], within(distance));
    }
  }

  // Many at once

  @Test
  void add_fromManyThreads_losesNothing() throws Exception {
    trips.put(rome());
    var ids =
        store
            .rememberAll(
                "acme", IntStream.range(0, 128).mapToObj(i -> Draft.of("part " + i)).toList())
            .stream()
            .map(Remembered::id)
            .toList();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Callable<Written>>();
      for (int i = 0; i < ids.size(); i += 2) {
        var pair = ids.subList(i, i + 2);
        calls.add(() -> trips.add("Rome", pair));
      }
      for (var call : pool.invokeAll(calls)) {
        call.get();
      }
    }
    assertThat(trips.get("Rome").members()).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void put_sameNameFromManyThreads_isOneAssembly() throws Exception {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Callable<UUID>>();
      for (int i = 0; i < 32; i++) {
        int number = i;
        calls.add(() -> trips.put(AssemblyDraft.of("Rome").description("take " + number)).id());
      }
      var ids = new ArrayList<UUID>();
      for (var call : pool.invokeAll(calls)) {
        ids.add(call.get());
      }
      assertThat(ids.stream().distinct()).hasSize(1);
    }
  }

  // Carrying

  @Test
  void export_import_export_isTheSame_andSoAreTheAssemblies() {
    var flight = remember("a flight at nine", 3, 1);
    var hotel = remember("a hotel near the river", 0, 1);
    trips.put(rome(flight, hotel).metadata(Json.object().put("year", 2026).build()));
    trips.add("Rome", List.of(remember("a tram", 1, 1)));
    store.forget(hotel, null);
    var first = exported(store);
    try (var other = open("other", OpenOptions.DEFAULT)) {
      other.importFrom(
          new ByteArrayInputStream(first.getBytes(StandardCharsets.UTF_8)),
          new ImportOptions(true, null),
          Remanence.Progress.NONE);
      assertThat(revisions(exported(other))).isEqualTo(revisions(first));
      var there = other.assemblies("acme");
      assertThat(there.get("Rome").members()).isEqualTo(trips.get("Rome").members());
      assertThat(there.get("Rome").description()).isEqualTo("the week in May");
      assertThat(there.composites("Rome").getFirst().vector())
          .isEqualTo(trips.composites("Rome").getFirst().vector());
    }
  }

  private static String exported(Remanence store) {
    var out = new ByteArrayOutputStream();
    store.exportTo(out, Remanence.Progress.NONE);
    return out.toString(StandardCharsets.UTF_8);
  }

  /// All but the header, which names the store and the time.
  private static List<String> revisions(String export) {
    return export.lines().skip(1).toList();
  }
}
