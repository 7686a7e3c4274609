package dev.remanence;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The arrows between the engine's packages: `dev.remanence → recall → image → journal`, with
/// `life` beside on the journal, and `embed` beside them all: only the facade knows it, and it
/// knows nothing but the vocabulary and `unpack`, which lies below all. `dev.remanence` also holds
/// the vocabulary (records, enums, errors) that all of them speak; a type of the vocabulary knows
/// none of them, so there is no circle.
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.remanence");

  private static final String ROOT = "dev.remanence";
  private static final String[] INNER = {
    "dev.remanence.recall..",
    "dev.remanence.image..",
    "dev.remanence.life..",
    "dev.remanence.embed..",
    "dev.remanence.journal..",
    "dev.remanence.unpack.."
  };

  @Test
  void journal_knowsNoneAbove() {
    noClasses()
        .that()
        .resideInAPackage("dev.remanence.journal..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.remanence.recall..", "dev.remanence.image..", "dev.remanence.life..")
        .check(CLASSES);
  }

  @Test
  void imageAndLife_standOnTheJournalAlone() {
    noClasses()
        .that()
        .resideInAPackage("dev.remanence.image..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.remanence.recall..", "dev.remanence.life..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.remanence.life..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.remanence.recall..", "dev.remanence.image..")
        .check(CLASSES);
  }

  @Test
  void embed_standsAlone() {
    noClasses()
        .that()
        .resideInAPackage("dev.remanence.embed..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.remanence.recall..",
            "dev.remanence.image..",
            "dev.remanence.life..",
            "dev.remanence.journal..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.remanence", "dev.remanence.embed..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.remanence.embed..")
        .check(CLASSES);
    noClasses()
        .that()
        .doNotHaveSimpleName("OnnxLibrary")
        .and()
        .doNotHaveSimpleName("OnnxSession")
        .and()
        .haveNameNotMatching(".*OnnxEmbedder\\$Native")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.onnxruntime..")
        .check(CLASSES);
  }

  @Test
  void unpack_knowsNoneAbove() {
    noClasses()
        .that()
        .resideInAPackage("dev.remanence.unpack..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.remanence.recall..",
            "dev.remanence.image..",
            "dev.remanence.life..",
            "dev.remanence.embed..",
            "dev.remanence.journal..")
        .check(CLASSES);
  }

  @Test
  void innerPackages_knowOnlyTheVocabulary() {
    classes().that().resideInAnyPackage(INNER).should(knowOnlyTheVocabulary()).check(CLASSES);
  }

  private static ArchCondition<JavaClass> knowOnlyTheVocabulary() {
    return new ArchCondition<>("use types of dev.remanence only where those use no inner type") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        for (var dependency : item.getDirectDependenciesFromSelf()) {
          var target = dependency.getTargetClass();
          if (target.getPackageName().equals(ROOT) && usesInner(target)) {
            events.add(SimpleConditionEvent.violated(item, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static boolean usesInner(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .map(dependency -> dependency.getTargetClass().getPackageName())
        .anyMatch(name -> name.startsWith(ROOT + "."));
  }

  @Test
  void onlyTheJournalsFiles_touchChannels() {
    var allowed = Set.of("Disk", "StoreLock", "Pages");
    noClasses()
        .that(
            DescribedPredicate.describe(
                "are not Disk, StoreLock or Pages",
                type -> !allowed.contains(type.getSimpleName())))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.nio.channels..")
        .check(CLASSES);
  }

  @Test
  void names_carryAnIdea() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Service|Processor|Handler)$")
        .check(CLASSES);
  }

  @Test
  void vocabulary_isWhatTheInnerPackagesUse() {
    assertThat(usesInner(CLASSES.get("dev.remanence.Memory"))).isFalse();
    assertThat(usesInner(CLASSES.get("dev.remanence.EmbeddedStore"))).isTrue();
  }
}
