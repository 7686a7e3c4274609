package dev.remanence.daemon.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Caller;
import dev.remanence.Grant;
import dev.remanence.Json;
import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.Verb;
import dev.remanence.daemon.client.Owners;
import dev.remanence.daemon.client.RpcClient;
import dev.remanence.daemon.protocol.Conversation.Hello;
import dev.remanence.daemon.wire.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An owner before callers of every kind: those that behave, and those that do not.
@Timeout(60)
class OwnerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path temporary;
  private Path directory;
  private Remanence store;
  private Owner owner;
  private final CountDownLatch stopped = new CountDownLatch(1);

  @BeforeEach
  void open() {
    directory = temporary.resolve("store");
    serve(false, PATIENCE);
  }

  private void serve(boolean tcp, Duration patience) {
    store = Remanence.open(directory, OpenOptions.DEFAULT.shared(false));
    owner = Owner.serve(store, new Owner.Settings(tcp, patience, temporary), stopped::countDown);
  }

  @AfterEach
  void close() {
    owner.close();
    store.close();
  }

  private void serveAnew(boolean tcp, Duration patience) {
    close();
    serve(tcp, patience);
  }

  private static Hello hello(String tool) {
    return new Hello(
        new Caller(tool, 7, Grant.ALL), "1", null, null, Endpoint.PROTOCOL, true, null, null);
  }

  private RpcClient client(String tool) {
    return Objects.requireNonNull(Owners.find(directory, hello(tool)));
  }

  private static Json.Obj json(String text) {
    return (Json.Obj) Json.parse(text.replace('\'', '"'));
  }

  private static Json.Obj call(RpcClient client, String method, String params) {
    return (Json.Obj) client.call(method, json(params), Progress.NONE);
  }

  /// A caller that writes bytes as it likes.
  private static final class Raw implements AutoCloseable {
    private final SocketChannel channel;
    private final OutputStream out;
    private final BufferedReader in;

    Raw(Path directory) throws IOException {
      channel = Objects.requireNonNull(Endpoint.read(directory)).connect();
      out = Channels.newOutputStream(channel);
      in = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));
    }

    Raw send(String text) throws IOException {
      out.write(text.replace('\'', '"').getBytes(UTF_8));
      return this;
    }

    Json.Obj answer() throws IOException {
      return (Json.Obj) Json.parse(Objects.requireNonNull(in.readLine(), "closed"));
    }

    /// Whether the owner closes the connection, after whatever it says.
    boolean isClosed() {
      try {
        while (in.readLine() != null) {
          // Told before it closes.
        }
      } catch (IOException _) {
        // Reset, which closes it too.
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static long code(Json.Obj answer) {
    var error = (Json.Obj) Objects.requireNonNull(answer.get("error"));
    return Objects.requireNonNull(error.number("code")).longValue();
  }

  private static String errorName(Json.Obj answer) {
    var error = (Json.Obj) Objects.requireNonNull(answer.get("error"));
    return Objects.requireNonNull(
        ((Json.Obj) Objects.requireNonNull(error.get("data"))).string("name"));
  }

  @Test
  void call_writesUnderTheCallersSession() {
    try (var client = client("claude");
        var other = client("cursor")) {
      var id = call(client, "remember", "{'text': 'tea'}").string("id");
      var session = client.welcome().string("session");
      var revisions = call(other, "history", "{'id': '" + id + "'}").get("revisions");
      var revision = (Json.Obj) ((Json.Arr) Objects.requireNonNull(revisions)).items().getFirst();
      assertThat(revision.string("session")).isEqualTo(session);
      assertThat(revision.string("tool")).isEqualTo("claude");
      assertThat(session).isNotEqualTo(other.welcome().string("session"));
    }
  }

  @Test
  void session_endsWithItsLastConnection() {
    var first = client("claude");
    var id = Objects.requireNonNull(first.welcome().string("session"));
    call(first, "remember", "{'text': 'tea'}");
    var joining =
        new Hello(
            new Caller("claude", 7, Grant.ALL),
            "1",
            java.util.UUID.fromString(id),
            null,
            1,
            false,
            null,
            null);
    var second = Objects.requireNonNull(Owners.find(directory, joining));
    assertThat(second.welcome().string("session")).isEqualTo(id);
    call(first, "goodbye", "{}");
    call(second, "remember", "{'text': 'coffee'}");
    assertThat(isEnded(id)).isFalse();
    call(second, "goodbye", "{}");
    first.close();
    second.close();
    awaitEnd(id);
  }

  private boolean isEnded(String session) {
    return store.sessions().stream()
        .anyMatch(each -> each.session().equals(session) && each.endedAt() != null);
  }

  /// The end of a connection is noticed by the owner's own thread.
  private void awaitEnd(String session) {
    while (!isEnded(session)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void requests_sentAhead_areAnsweredInOrder() throws IOException {
    try (var raw = new Raw(directory)) {
      var lines = new StringBuilder();
      for (int i = 0; i < 500; i++) {
        lines.append("{'jsonrpc':'2.0','id':").append(i).append(",'method':'heartbeat'}\n");
      }
      raw.send(lines.toString());
      for (int i = 0; i < 500; i++) {
        assertThat(Objects.requireNonNull(raw.answer().number("id")).longValue()).isEqualTo(i);
      }
    }
  }

  @Test
  void files_areTheUsersAlone() throws IOException {
    var run = directory.resolve("run");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run)))
        .isEqualTo("rwx------");
    for (var name : new String[] {"socket", "endpoint"}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run.resolve(name))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aLongPath_hasItsSocketElsewhere() throws IOException {
    close();
    directory = temporary.resolve("x".repeat(120)).resolve("store");
    Files.createDirectories(directory);
    serve(false, PATIENCE);
    var socket = Objects.requireNonNull(Endpoint.read(directory)).socket();
    assertThat(Objects.requireNonNull(socket).startsWith(directory)).isFalse();
    try (var client = client("claude")) {
      assertThat(call(client, "remember", "{'text': 'tea'}").string("id")).isNotNull();
    }
    owner.close();
    assertThat(socket.getParent()).doesNotExist();
  }

  @Test
  void aPort_wantsTheToken() throws IOException {
    serveAnew(true, PATIENCE);
    try (var client = client("claude")) {
      call(client, "remember", "{'text': 'tea'}");
    }
    try (var raw = new Raw(directory)) {
      raw.send("{'jsonrpc':'2.0','id':1,'method':'stats'}\n");
      assertThat(errorName(raw.answer())).isEqualTo("Forbidden");
      raw.send("{'jsonrpc':'2.0','id':2,'method':'hello','params':{'tool':'x','token':'wrong'}}\n");
      assertThat(errorName(raw.answer())).isEqualTo("Forbidden");
      assertThat(raw.isClosed()).isTrue();
    }
  }

  @Test
  void anotherProtocol_isRefusedWithWhatToDo() {
    var stranger =
        new Hello(new Caller("claude", 7, Grant.ALL), "9", null, null, 2, false, null, null);
    assertThatThrownBy(() -> Owners.find(directory, stranger))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("remanence stop");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nonsense                                                                   | -32700
          {'jsonrpc':'2.0','id':1,'id':2,'method':'stats'}                            | -32700
          [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[  | -32700
          {'jsonrpc':'2.0','id':1,'method':7}                                         | -32600
          {'jsonrpc':'2.0','id':1,'method':'recall','params':[1]}                     | -32602
          {'jsonrpc':'2.0','id':1,'method':'recall','params':{'query':7}}             | -32000
          {'jsonrpc':'2.0','id':1,'method':'recall','params':{'qwery':'a'}}           | -32000
          """)
  void garbage_isAnsweredAndTheConnectionLives(String line, long code) throws IOException {
    try (var raw = new Raw(directory)) {
      assertThat(code(raw.send(line + "\n").answer())).isEqualTo(code);
      raw.send("{'jsonrpc':'2.0','id':1,'method':'heartbeat'}\n");
      assertThat(raw.answer().get("result")).isNotNull();
    }
  }

  @Test
  void bytesThatAreNoText_areAnswered() throws IOException {
    try (var raw = new Raw(directory)) {
      raw.out.write(new byte[] {(byte) 0xff, 0, (byte) 0xc3, '\n'});
      assertThat(code(raw.answer())).isEqualTo(-32700);
    }
  }

  @Test
  void aLineWithoutEnd_isNotHeld() throws IOException {
    try (var raw = new Raw(directory)) {
      var block = "x".repeat(1 << 20).getBytes(UTF_8);
      for (int i = 0; i < 64; i++) {
        raw.out.write(block);
      }
      raw.send("\n");
      assertThat(errorName(raw.answer())).isEqualTo("TooLarge");
    }
  }

  @Test
  void halfALine_endsTheConnection_othersGoOn() throws IOException {
    serveAnew(false, Duration.ofMillis(100));
    try (var client = client("claude");
        var raw = new Raw(directory)) {
      raw.send("{'jsonrpc':'2.0','id':1,");
      assertThat(raw.isClosed()).isTrue();
      assertThat(call(client, "remember", "{'text': 'tea'}").string("id")).isNotNull();
    }
  }

  @Test
  void aCallerThatTakesNoAnswers_isSentAway() throws IOException {
    serveAnew(false, Duration.ofMillis(200));
    try (var client = client("writer")) {
      call(client, "remember", "{'text': '" + "tea ".repeat(100_000) + "', 'key': 'k'}");
    }
    try (var raw = new Raw(directory)) {
      var requests = "{'jsonrpc':'2.0','id':1,'method':'get','params':{'key':'k'}}\n".repeat(50);
      raw.send(requests);
      // Nothing is taken until the owner has lost its patience.
      while (owner.connections() > 0) {
        Thread.onSpinWait();
      }
      assertThat(raw.isClosed()).isTrue();
    }
  }

  @Test
  void aThousandIdleConnections_areKept() throws IOException {
    var idle = new ArrayList<Raw>();
    try {
      for (int i = 0; i < 1000; i++) {
        idle.add(new Raw(directory));
      }
      idle.getLast().send("{'jsonrpc':'2.0','id':1,'method':'heartbeat'}\n");
      assertThat(idle.getLast().answer().get("result")).isNotNull();
      idle.getFirst().send("{'jsonrpc':'2.0','id':1,'method':'heartbeat'}\n");
      assertThat(idle.getFirst().answer().get("result")).isNotNull();
    } finally {
      for (var raw : idle) {
        raw.close();
      }
    }
  }

  @Test
  void stop_isPassedOn_andTheEndpointGoesFirst() throws InterruptedException {
    try (var client = client("claude")) {
      call(client, "stop", "{}");
      assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
      owner.close();
      assertThat(Endpoint.read(directory)).isNull();
      assertThat(directory.resolve("run/socket")).doesNotExist();
    }
  }

  @Test
  void close_answersTheCallInHand() throws Exception {
    try (var client = client("claude")) {
      var drafts = new StringBuilder();
      for (int i = 0; i < 1000; i++) {
        drafts.append(i == 0 ? "" : ",").append("{'text':'memory ").append(i).append("'}");
      }
      var answer =
          CompletableFuture.supplyAsync(
              () -> call(client, "rememberAll", "{'memories':[" + drafts + "]}"));
      while (owner.inHand() == 0) {
        Thread.onSpinWait();
      }
      owner.close();
      assertThat(((Json.Arr) Objects.requireNonNull(answer.get().get("results"))).items())
          .hasSize(1000);
    }
  }

  @Test
  void erasingAScope_takesItsNameOutOfTheLog() throws IOException {
    store.close();
    owner.close();
    store = Remanence.open(directory, OpenOptions.DEFAULT.tool("owner"));
    try (var client = client("claude")) {
      call(client, "remember", "{'text':'tea','scope':'acme/secret'}");
      call(client, "remember", "{'text':'tea','scope':'acme/open'}");
      call(client, "erase", "{'scope':'acme/secret'}");
    }
    var log = directory.resolve("logs/live.jsonl");
    store.close();
    assertThat(Files.readString(log)).contains("acme/open").doesNotContain("acme/secret");
  }

  @Test
  void watch_tellsOnItsConnection_andEndsWithUnwatch() throws IOException {
    try (var writer = client("writer");
        var raw = new Raw(directory)) {
      call(writer, "remember", "{'text':'tea','scope':'acme/user'}");
      raw.send(
          "{'jsonrpc':'2.0','id':1,'method':'watch','params':{'scope':'acme','recursive':true,"
              + "'since':0}}\n");
      // The first event may be told before the answer is.
      var told = List.of(raw.answer(), raw.answer());
      var event =
          told.stream().filter(each -> each.get("method") != null).findFirst().orElseThrow();
      assertThat(Objects.requireNonNull(event.object("params")).string("scope"))
          .isEqualTo("acme/user");
      raw.send("{'jsonrpc':'2.0','id':2,'method':'watch'}\n");
      assertThat(errorName(raw.answer())).isEqualTo("Conflict");
      call(writer, "remember", "{'text':'coffee','scope':'acme'}");
      assertThat(Objects.requireNonNull(raw.answer().object("params")).string("tool"))
          .isEqualTo("writer");
      raw.send("{'jsonrpc':'2.0','id':3,'method':'unwatch'}\n");
      raw.answer();
      call(writer, "remember", "{'text':'cocoa','scope':'acme'}");
      raw.send("{'jsonrpc':'2.0','id':4,'method':'watch','params':{'since':1099511627776}}\n");
      assertThat(errorName(raw.answer())).isEqualTo("InvalidInput");
    }
  }

  @Test
  void aCallerThatIsHeldToAGrant_mayNoMore() {
    var caller = new Caller("few", 7, new Grant(EnumSet.of(Verb.READ), List.of("acme/**")));
    var hello = new Hello(caller, "1", null, null, Endpoint.PROTOCOL, false, null, null);
    try (var few = Objects.requireNonNull(Owners.find(directory, hello))) {
      assertThat(call(few, "list", "{'scope':'acme'}").get("memories")).isNotNull();
      for (var forbidden :
          new String[][] {
            {"remember", "{'text':'no','scope':'acme'}"},
            {"list", "{'scope':'other'}"},
            {"stats", "{}"},
            {"stop", "{}"},
            {"activity", "{}"},
            {"token.list", "{}"},
            {"token.create", "{'tool':'x','verbs':['admin'],'scopes':['**']}"}
          }) {
        assertThatThrownBy(() -> call(few, forbidden[0], forbidden[1]))
            .as(forbidden[0])
            .isInstanceOf(Forbidden.class);
      }
    }
  }

  @Test
  void doctor_namesCallersThatDoNotFit() {
    var late =
        new Hello(
            new Caller("late", 7, Grant.ALL),
            "0.0.9",
            null,
            null,
            Endpoint.PROTOCOL,
            false,
            Instant.now().minusSeconds(3600),
            null);
    try (var client = client("claude")) {
      assertThat(findings(client)).contains("serves the store").doesNotContain("clock of");
      try (var _ = Objects.requireNonNull(Owners.find(directory, late))) {
        assertThat(findings(client))
            .containsPattern(
                "the clock of late \\(process 7\\) is 3[56][0-9]{2} s behind the owner's")
            .contains("late (process 7) is of version 0.0.9");
      }
    }
  }

  private static String findings(RpcClient client) {
    return Objects.requireNonNull(call(client, "doctor", "{}").get("findings")).toString();
  }

  @Test
  void log_tellsTheCallsOfASession() {
    try (var client = client("claude");
        var other = client("cursor")) {
      var session = Objects.requireNonNull(client.welcome().string("session"));
      call(client, "remember", "{'text':'tea','scope':'acme'}");
      call(other, "list", "{'scope':'acme'}");
      assertThatThrownBy(() -> call(client, "list", "{'limit':0}"))
          .isInstanceOf(RemanenceException.class);
      call(client, "recall", "{'query':'tea'}");
      // Calls are written a few times a second.
      while (calls(other, "{'session':'" + session + "'}").size() < 3) {
        Thread.onSpinWait();
      }
      assertThat(calls(other, "{'session':'" + session + "'}"))
          .containsExactly("remember acme ok", "list global InvalidInput", "recall global ok");
      assertThat(calls(other, "{'session':'" + session + "','limit':2}"))
          .containsExactly("list global InvalidInput", "recall global ok");
      assertThat(calls(other, "{'tool':'cursor','limit':1000}")).contains("list acme ok");
      assertThat(calls(other, "{'tool':'claude','until':'2020-01-01'}")).isEmpty();
      assertThat(calls(other, "{'tool':'claude','since':'2020-01-01'}")).hasSize(3);
    }
  }

  private static List<String> calls(RpcClient client, String params) {
    var calls = (Json.Arr) Objects.requireNonNull(call(client, "log", params).get("calls"));
    return calls.items().stream()
        .map(Json.Obj.class::cast)
        .map(call ->
            call.string("method") + " " + call.string("scope") + " " + call.string("outcome"))
        .toList();
  }

  @Test
  void aStoreOfAProgram_isNotStoppedByACaller() {
    store.close();
    owner.close();
    store = Remanence.open(directory, OpenOptions.DEFAULT.tool("owner"));
    try (var client = client("claude")) {
      assertThatThrownBy(() -> call(client, "stop", "{}")).isInstanceOf(Forbidden.class);
    }
  }
}
