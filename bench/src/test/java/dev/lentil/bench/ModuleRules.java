package dev.lentil.bench;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The directions of the arrows between modules and packages, as rules over the packages below one root.
 *
 * @param root the package of the modules, {@code dev.lentil}
 */
record ModuleRules(String root) {
  private static final String[] JDK =
      {"java..", "javax..", "jdk.incubator.vector..", "jdk.jfr..", "com.sun.management.."};

  /** All rules by name. */
  Map<String, ArchRule> all() {
    var rules = new LinkedHashMap<String, ArchRule>();
    rules.put("engine needs the JDK alone",
        classes().that(engine()).should().onlyDependOnClassesThat(engine().or(resideInAnyPackage(JDK))));
    rules.put("kernels needs engine alone of Lentil", only(kernels(), engine()));
    rules.put("mobilenetv2 needs engine alone of Lentil", only(module("mobilenetv2"), engine()));
    rules.put("weights-import needs engine and mobilenetv2 of Lentil",
        only(module("weights"), engine().or(module("mobilenetv2"))));
    rules.put("ham10000 needs engine, mobilenetv2 and weights-import of Lentil",
        only(module("ham10000"), engine().or(module("mobilenetv2")).or(module("weights"))));
    rules.put("ham10000 never names the CUDA backend",
        noClasses().that(module("ham10000")).should().dependOnClassesThat(kernels()));
    rules.put("the Vector API stays in the kernels' package and the measurement of the machine's peak",
        noClasses().that(lentil().and(not(module("backend.cpu.vector").or(module("bench.machine"))))).should()
            .dependOnClassesThat(resideInAPackage("jdk.incubator.vector..")));
    rules.put("no cycle between packages of engine", slices().assignedFrom(enginePackages()).should().beFreeOfCycles());
    rules.replaceAll((_, rule) -> rule.allowEmptyShould(true));
    return rules;
  }

  private ArchRule only(DescribedPredicate<JavaClass> from, DescribedPredicate<JavaClass> to) {
    return classes().that(from).should().onlyDependOnClassesThat(from.or(to).or(not(lentil())));
  }

  DescribedPredicate<JavaClass> lentil() {
    return resideInAPackage(root + "..").as("Lentil");
  }

  DescribedPredicate<JavaClass> module(String name) {
    return resideInAPackage(root + "." + name + "..").as(name);
  }

  DescribedPredicate<JavaClass> kernels() {
    return resideInAnyPackage(root + ".backend.cuda..", root + ".kernels..").as("kernels");
  }

  /** Every package that is not another module's. */
  DescribedPredicate<JavaClass> engine() {
    var others = resideInAnyPackage(
        root + ".mobilenetv2..", root + ".weights..", root + ".ham10000..", root + ".bench..", root + ".kernels..",
        root + ".backend.cuda..");
    return lentil().and(not(others)).as("engine");
  }

  private SliceAssignment enginePackages() {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
        return engine().test(javaClass) ? SliceIdentifier.of(javaClass.getPackageName()) : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return "packages of engine";
      }
    };
  }
}
