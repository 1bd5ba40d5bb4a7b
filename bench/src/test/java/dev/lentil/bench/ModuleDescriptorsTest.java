package dev.lentil.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import dev.lentil.backend.Backend;
import dev.lentil.mobilenetv2.ImageClassifier;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What the modules without a descriptor use of those with one is exported. On the class path beside a runtime image they would otherwise
 * fail, and not before that code runs.
 */
class ModuleDescriptorsTest {
  private static final ModuleRules RULES = new ModuleRules("dev.lentil");
  private static final DescribedPredicate<JavaClass> WITHOUT_DESCRIPTOR =
      RULES.kernels().or(RULES.module("weights")).or(RULES.module("ham10000"));

  private static ModuleDescriptor descriptor(Class<?> member) throws Exception {
    Path where = Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
    return ModuleFinder.of(where).findAll().iterator().next().descriptor();
  }

  /** The packages of a module that others use. */
  private static Set<String> used(ModuleDescriptor module) {
    return ModuleRulesTest.CLASSES.stream().filter(WITHOUT_DESCRIPTOR)
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .map(dependency -> dependency.getTargetClass().getPackageName()).filter(module.packages()::contains)
        .collect(Collectors.toSet());
  }

  private static void assertExportsWhatIsUsed(ModuleDescriptor module) {
    var hidden = new TreeSet<>(used(module));
    module.exports().stream().filter(exports -> !exports.isQualified()).forEach(e -> hidden.remove(e.source()));
    assertEquals(Set.of(), hidden, () -> module.name() + " must export these");
  }

  @Test
  void theEngineExportsWhatIsUsed() throws Exception {
    ModuleDescriptor engine = descriptor(Backend.class);
    assertEquals("dev.lentil.engine", engine.name());
    assertTrue(used(engine).containsAll(Set.of("dev.lentil.backend", "dev.lentil.json", "dev.lentil.io")));
    assertExportsWhatIsUsed(engine);
  }

  @Test
  void mobilenetv2ExportsWhatIsUsed() throws Exception {
    ModuleDescriptor mobilenetv2 = descriptor(ImageClassifier.class);
    assertEquals("dev.lentil.mobilenetv2", mobilenetv2.name());
    assertTrue(used(mobilenetv2).contains("dev.lentil.mobilenetv2"));
    assertExportsWhatIsUsed(mobilenetv2);
  }
}
