package dev.lentil.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ModuleRulesTest {
  private static final ModuleRules LENTIL = new ModuleRules("dev.lentil");
  private static final ModuleRules BROKEN = new ModuleRules("dev.lentil.bench.broken");

  /** All classes of Lentil but its tests. */
  static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .withImportOption(location -> !location.contains("-tests.jar"))
      .importPackages("dev.lentil");

  @TestFactory
  Stream<DynamicTest> lentilKeepsEveryRule() {
    return LENTIL.all().entrySet().stream()
        .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> rule.getValue().check(CLASSES)));
  }

  /**
   * A rule that cannot fail proves nothing: each one is held against a small tree of packages in which it is broken.
   */
  @TestFactory
  Stream<DynamicTest> everyRuleFailsWhereItIsBroken() {
    var classes = new ClassFileImporter().importPackages("dev.lentil.bench.broken");
    return BROKEN.all().entrySet().stream().map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> {
      var result = rule.getValue().evaluate(classes);
      assertTrue(result.hasViolation(), "not noticed: " + rule.getKey());
    }));
  }

  @Test
  void theRulesSeeTheModules() {
    for (var module : new String[] {"tensor", "nn", "plan", "json", "ham10000.cli", "backend.cuda"}) {
      assertTrue(CLASSES.stream().anyMatch(LENTIL.module(module)), "no class of " + module);
    }
    assertEquals(0, CLASSES.stream().filter(c -> c.getName().startsWith("dev.lentil.testing")).count(),
        "tests are left out");
  }
}
