package dev.remanence.daemon.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Assemblies;
import dev.remanence.BackupSchedule;
import dev.remanence.Conflicts;
import dev.remanence.Determined;
import dev.remanence.Facts;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException;
import dev.remanence.Turns;
import dev.remanence.Watch;
import dev.remanence.WatchEvent;
import dev.remanence.testkit.TestClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Two stores that began as copies of each other, one embedded and one remote, behind one
/// interface: each call goes to both, and what comes of it - result or exception, what was written
/// to a stream, what progress was told - must be the same.
///
/// A relative path stands for a file in the twin's own directory. What a watch tells is compared
/// when its consumer has ended it, by throwing, and it is answered with null. Sizes of files are
/// not compared: threads of the store's own decide them too.
final class Twins implements AutoCloseable {
  private static final Set<String> SIZES =
      Set.of(
          "bytes",
          "journalBytes",
          "walBytes",
          "imageBytes",
          "freeBytes",
          "bytesBefore",
          "bytesAfter");

  private final List<Path> directories;
  private final Set<Method> called = new LinkedHashSet<>();
  private final Remanence embedded;
  private final Remanence served;
  private final Remanence both;

  /// @param temp an empty directory
  Twins(Path temp, String embedder, TestClock clock, long seed) throws IOException {
    directories = List.of(temp.resolve("one"), temp.resolve("two"));
    var first = temp.resolve("first");
    Determined.open(first, "none", clock, new SplittableRandom(seed)).close();
    for (var directory : directories) {
      copy(first, directory.resolve("store"));
      makeOwn(directory.resolve("store"));
    }
    embedded = open(0, embedder, clock, seed);
    served = open(1, embedder, clock, seed);
    both = pair(Remanence.class, embedded, new RemoteStore(new LineLink(served)));
  }

  private Remanence open(int twin, String embedder, TestClock clock, long seed) {
    return Determined.open(
        directories.get(twin).resolve("store"), embedder, clock, new SplittableRandom(~seed));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        var target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /// A store signs with a key of its own wherever it finds itself copied; a twin goes on with the
  /// key that it has. The place is the inode and the birth of the key's file.
  private static void makeOwn(Path store) throws IOException {
    var key = Files.readAttributes(store.resolve("site.key"), BasicFileAttributes.class);
    var place = key.fileKey() + "@" + key.creationTime().toInstant();
    try (var journal = DriverManager.getConnection("jdbc:sqlite:" + store.resolve("journal.db"));
        var update = journal.prepareStatement("UPDATE meta SET v = ? WHERE k = 'place'")) {
      update.setString(1, place);
      assertThat(update.executeUpdate()).isEqualTo(1);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  Remanence both() {
    return both;
  }

  /// The store behind the remote one.
  Remanence served() {
    return served;
  }

  /// A file of both twins.
  byte[] file(String name) throws IOException {
    var one = Files.readAllBytes(directories.get(0).resolve(name));
    assertThat(Files.readAllBytes(directories.get(1).resolve(name))).isEqualTo(one);
    return one;
  }

  /// The methods of an interface that nobody called yet.
  Set<String> uncalled(Class<?> type) {
    var names = new LinkedHashSet<String>();
    for (var method : type.getMethods()) {
      boolean isStatic = java.lang.reflect.Modifier.isStatic(method.getModifiers());
      if (!isStatic && !called.contains(method)) {
        names.add(method.toString());
      }
    }
    return names;
  }

  @Override
  public void close() {
    embedded.close();
    served.close();
  }

  private <T> T pair(Class<T> type, Object one, Object other) {
    var handler =
        (InvocationHandler)
            (proxy, method, arguments) -> {
              called.add(method);
              if (method.getName().equals("scope")) {
                // Its views call this pair again.
                return InvocationHandler.invokeDefault(proxy, method, arguments);
              }
              return call(method, arguments == null ? new Object[0] : arguments, one, other);
            };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /// What a call came to on one side.
  private record Outcome(
      @Nullable Object result,
      @Nullable RemanenceException failure,
      byte[] written,
      List<List<Long>> progress) {}

  private @Nullable Object call(Method method, Object[] arguments, Object one, Object other)
      throws Throwable {
    var replayed = replayable(arguments);
    var left = outcome(method, replayed, one, directories.get(0));
    var right = outcome(method, replayed, other, directories.get(1));
    if (left.result instanceof Remanence && right.result instanceof Remanence) {
      return pair(Remanence.class, left.result, right.result);
    }
    if (left.result instanceof Assemblies && right.result instanceof Assemblies) {
      return pair(Assemblies.class, left.result, right.result);
    }
    if (left.result instanceof Facts && right.result instanceof Facts) {
      return pair(Facts.class, left.result, right.result);
    }
    if (left.result instanceof Turns && right.result instanceof Turns) {
      return pair(Turns.class, left.result, right.result);
    }
    if (left.result instanceof Conflicts && right.result instanceof Conflicts) {
      return pair(Conflicts.class, left.result, right.result);
    }
    requireSame(
        method.getName() + shown(arguments),
        described(left, directories.get(0)),
        described(right, directories.get(1)));
    for (var argument : arguments) {
      if (argument instanceof OutputStream out) {
        out.write(left.written);
      }
    }
    if (left.failure != null) {
      throw left.failure;
    }
    if (method.getReturnType() == Watch.class) {
      return null;
    }
    return method.getReturnType() == Stream.class && left.result instanceof Collection<?> read
        ? read.stream()
        : left.result;
  }

  private static void requireSame(
      String call, Map<String, Object> embedded, Map<String, Object> remote) {
    if (!embedded.equals(remote)) {
      embedded.forEach((part, value) -> assertThat(remote.get(part)).as(call).isEqualTo(value));
      assertThat(remote).as(call).isEqualTo(embedded);
    }
  }

  private static String shown(Object[] arguments) {
    var shown = new ArrayList<String>();
    for (var argument : arguments) {
      var text = String.valueOf(argument);
      shown.add(text.length() > 200 ? text.substring(0, 200) + "…" : text);
    }
    return shown.toString();
  }

  /// A source is read once and given to both.
  private static Object[] replayable(Object[] arguments) throws IOException {
    var replayable = arguments.clone();
    for (int i = 0; i < replayable.length; i++) {
      if (replayable[i] instanceof InputStream in) {
        replayable[i] = in.readAllBytes();
      }
    }
    return replayable;
  }

  private static Outcome outcome(Method method, Object[] arguments, Object target, Path directory)
      throws Throwable {
    var written = new ByteArrayOutputStream();
    var progress = new ArrayList<List<Long>>();
    var told = new ArrayList<WatchEvent>();
    var own = new @Nullable Object[arguments.length];
    for (int i = 0; i < own.length; i++) {
      own[i] =
          switch (arguments[i]) {
            case byte[] bytes -> new ByteArrayInputStream(bytes);
            case OutputStream _ -> written;
            case Remanence.Progress _ ->
                (Remanence.Progress) (done, total) -> progress.add(List.of(done, total));
            case Path path -> directory.resolve(path);
            case Consumer<?> consumer -> watching(consumer, told);
            case BackupSchedule(var path, var interval, var retention) ->
                new BackupSchedule(directory.resolve(path), interval, retention);
            case null -> null;
            case Object same -> same;
          };
    }
    try {
      var result = method.invoke(target, own);
      if (result instanceof Stream<?> stream) {
        result = stream.toList();
      }
      if (result instanceof Watch watch) {
        await(watch);
        result = told;
      }
      return new Outcome(result, null, written.toByteArray(), progress);
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof RemanenceException failure) {
        return new Outcome(null, failure, written.toByteArray(), progress);
      }
      throw thrown.getCause();
    }
  }

  /// Keeps what is told, the last of it too, at which the test's own consumer ends the watch.
  private static Consumer<WatchEvent> watching(Consumer<?> consumer, List<WatchEvent> told) {
    @SuppressWarnings("unchecked")
    var given = (Consumer<WatchEvent>) consumer;
    return event -> {
      told.add(event);
      given.accept(event);
    };
  }

  private static void await(Watch watch) {
    while (watch.isOpen()) {
      Thread.onSpinWait();
    }
  }

  // What is compared

  private static Map<String, Object> described(Outcome outcome, Path directory) {
    Function<String, String> relative = text -> text.replace(directory.toString(), "TWIN");
    var described = new LinkedHashMap<String, Object>();
    if (outcome.failure != null) {
      described.put("exception", outcome.failure.getClass().getName());
      described.put("message", relative.apply(String.valueOf(outcome.failure.getMessage())));
      described.put("facts", plain(outcome.failure.facts(), relative));
      described.put("order of facts", List.copyOf(outcome.failure.facts().keySet()));
    }
    described.put("result", plain(outcome.result, relative));
    described.put("written", relative.apply(new String(outcome.written, UTF_8)));
    described.put("progress", outcome.progress);
    return described;
  }

  /// Records as maps, arrays as lists, numbers of facts whatever their class, paths from the twin's
  /// directory on.
  private static Object plain(@Nullable Object value, Function<String, String> relative) {
    return switch (value) {
      case null -> "null";
      case String text -> relative.apply(text);
      case Path path -> relative.apply(path.toString());
      case Integer number -> number.longValue();
      case Record each -> fields(each, relative);
      case Map<?, ?> map -> {
        var plain = new LinkedHashMap<Object, Object>();
        map.forEach((key, each) -> plain.put(key, plain(each, relative)));
        yield plain;
      }
      case Set<?> set -> set;
      case Collection<?> list -> list.stream().map(each -> plain(each, relative)).toList();
      case Object array when array.getClass().isArray() -> {
        var list = new ArrayList<Object>();
        for (int i = 0; i < Array.getLength(array); i++) {
          list.add(Array.get(array, i));
        }
        yield list;
      }
      case Object other -> other;
    };
  }

  private static Map<String, Object> fields(Record each, Function<String, String> relative) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("record", each.getClass().getSimpleName());
    for (var component : each.getClass().getRecordComponents()) {
      try {
        var value = component.getAccessor().invoke(each);
        fields.put(
            component.getName(),
            SIZES.contains(component.getName()) ? "some" : plain(value, relative));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }
    return fields;
  }
}
