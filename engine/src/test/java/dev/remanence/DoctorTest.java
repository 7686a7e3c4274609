package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.StoreCare.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `doctor` says of the model that finds by meaning.
final class DoctorTest {
  @TempDir private Path directory;

  private List<StoreCare.Finding> findings(String embedder) {
    return StoreCare.doctor(directory, embedder);
  }

  @Test
  void aModelThatCanBeUsed_isNamed() {
    assertThat(findings("static"))
        .anyMatch(finding ->
            finding.severity() == Severity.OK && finding.what().contains("static-minilm"));
    assertThat(findings("none"))
        .anyMatch(finding ->
            finding.severity() == Severity.OK && finding.what().contains("by words alone"));
  }

  @Test
  void aServerThatIsNotThere_orASettingThatIsNone_isAProblem() {
    for (var setting : List.of("ollama:http://127.0.0.1:1#none", "nonsense")) {
      assertThat(findings(setting))
          .anyMatch(finding ->
              finding.severity() == Severity.PROBLEM
                  && finding.what().contains("the embedder " + setting));
    }
  }

  /// In a process of its own: a library that was loaded cannot be missing any more.
  @Test
  void aModelThatCannotBeLoaded_isWarnedOf() throws Exception {
    var child =
        ChildJvm.start(
            List.of("-Donnxruntime.native.path=" + directory),
            Findings.class,
            Files.createDirectory(directory.resolve("store")).toString(),
            "auto");
    assertThat(ChildJvm.output(child))
        .contains("WARNING the model e5-small-v2-q8 cannot be loaded")
        .contains("static-minilm");
  }

  /// Prints what `doctor` finds: the store, the embedder.
  static final class Findings {
    private Findings() {}

    public static void main(String[] arguments) {
      for (var finding : StoreCare.doctor(Path.of(arguments[0]), arguments[1])) {
        System.out.println(finding.severity() + " " + finding.what());
      }
    }
  }
}
