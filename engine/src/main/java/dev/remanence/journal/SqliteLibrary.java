package dev.remanence.journal;

import dev.remanence.RemanenceException;
import dev.remanence.unpack.Unpacked;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/// SQLite's native code, loaded once into this process.
///
/// Left alone, sqlite-jdbc unpacks its library into the temporary directory at each start, which
/// takes longer than all else that opening a small store does, and a process that is killed leaves
/// it there. We lay the file where all processes of the user share it and tell sqlite-jdbc by its
/// properties; ones that the caller has set are respected. Where that cannot be, the loader's own
/// way stays.
final class SqliteLibrary {
  private static final String PATH_PROPERTY = "org.sqlite.lib.path";
  private static final String NAME_PROPERTY = "org.sqlite.lib.name";

  private static boolean tried;

  private SqliteLibrary() {}

  /// Loads the library if nothing has yet. A failure shows at the first connection.
  static synchronized void load() {
    if (tried) {
      return;
    }
    tried = true;
    if (System.getProperty(PATH_PROPERTY) != null || System.getProperty(NAME_PROPERTY) != null) {
      return;
    }
    try {
      load(Unpacked.ofUser());
    } catch (RemanenceException e) {
      System.getLogger("dev.remanence")
          .log(
              System.Logger.Level.DEBUG,
              "SQLite's library is unpacked anew at each start: " + e.getMessage());
    }
  }

  private static void load(Unpacked unpacked) {
    var name = LibraryLoaderUtil.getNativeLibName();
    var folder = LibraryLoaderUtil.getNativeLibResourcePath();
    var source = SQLiteJDBCLoader.class.getResource(folder + "/" + name);
    if (source == null) {
      // Not a platform that it is built for, or a jar that was stripped of it: the loader looks in
      // `java.library.path` and says so where it is not there.
      return;
    }
    var platform = folder.substring(folder.indexOf("native/") + 7).replace('/', '-');
    var file =
        unpacked.asInJar(
            source, "sqlite-" + SQLiteJDBCLoader.getVersion() + "-" + platform + "/" + name);
    System.setProperty(PATH_PROPERTY, String.valueOf(file.getParent()));
    System.setProperty(NAME_PROPERTY, name);
    try {
      // Where the file cannot be executed from its place, this goes on in the loader's own way.
      SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      System.getLogger("dev.remanence")
          .log(System.Logger.Level.DEBUG, "SQLite's library could not be loaded", e);
    } finally {
      System.clearProperty(PATH_PROPERTY);
      System.clearProperty(NAME_PROPERTY);
    }
  }
}
