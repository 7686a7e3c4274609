package dev.remanence;

import dev.remanence.RemanenceException.NotFound;
import dev.remanence.Selection.Source;
import dev.remanence.image.Images;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SqliteJournal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The scopes that a question looks at: their images, their names, and from whom they inherit.
/// Thread-safe.
final class Scopes {
  private static final int NAMES_MAX = 10_000;
  private static final String GLOBAL = "global";

  private final SqliteJournal journal;
  private final Images images;
  private final Map<Long, String> names = new ConcurrentHashMap<>();

  Scopes(SqliteJournal journal, Images images) {
    this.journal = journal;
    this.images = images;
  }

  /// The image of a scope; null where nothing was ever written there.
  @Nullable Source source(String path) {
    long scope = journal.readProving(reader -> reader.scope(path));
    return scope == 0 ? null : new Source(scope, path, images.view(scope));
  }

  /// The images of a scope and of those that it inherits from, or of those below it.
  List<Source> sources(String scope, boolean inherit, boolean recursive) {
    Limits.scope(scope);
    var paths = new LinkedHashSet<String>();
    if (recursive) {
      journal.read(reader -> reader.scopes(scope)).forEach(each -> paths.add(each.path()));
    } else if (inherit) {
      paths.addAll(withAncestors(scope));
    } else {
      paths.add(scope);
    }
    var sources = new ArrayList<Source>();
    for (var path : paths) {
      var source = source(path);
      if (source != null) {
        sources.add(source);
      }
    }
    return sources;
  }

  /// The same scopes with their images as they are now.
  List<Source> again(List<Source> sources) {
    return sources.stream()
        .map(each -> new Source(each.scope(), each.path(), images.view(each.scope())))
        .toList();
  }

  /// The scope, its ancestors from near to far, and `global`.
  static List<String> withAncestors(String scope) {
    var paths = new ArrayList<String>();
    for (var path = scope; ; path = path.substring(0, path.lastIndexOf('/'))) {
      paths.add(path);
      if (path.indexOf('/') < 0) {
        break;
      }
    }
    if (!paths.contains(GLOBAL)) {
      paths.add(GLOBAL);
    }
    return paths;
  }

  /// The path of a scope by its number.
  String name(Reader reader, long scope) throws SQLException {
    var known = names.get(scope);
    if (known != null) {
      return known;
    }
    var path = reader.scopePath(scope);
    if (path == null) {
      throw new NotFound("the scope of this memory was erased");
    }
    if (names.size() < NAMES_MAX) {
      names.put(scope, path);
    }
    return path;
  }

  /// After scopes were erased.
  void forgetNames() {
    names.clear();
  }
}
