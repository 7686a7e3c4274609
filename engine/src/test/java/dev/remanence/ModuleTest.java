package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The engine is a module that exports one package and opens nothing.
class ModuleTest {
  @Test
  void descriptor_exportsOnePackage() {
    var descriptor = Remanence.class.getModule().getDescriptor();
    assertThat(descriptor).isNotNull();
    assertThat(
            descriptor.exports().stream()
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet()))
        .containsExactly("dev.remanence");
    assertThat(descriptor.isOpen()).isFalse();
  }
}
