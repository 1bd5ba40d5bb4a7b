package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalculationOptionsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"demo", "train", "repeat", "ablate", "evaluate", "ensemble", "predict", "selftest", "classify",
          "explain", "gradcheck"})
  void everyCommandThatCalculatesHasThem(String command) {
    assertEquals(0, run(command, "--help"));
    assertTrue(out.toString().contains("--device") && out.toString().contains("--precision"), out::toString);
  }

  @Test
  void theyAreSettingsOfAConfiguration() {
    assertEquals(0, run("train", "--print-config", "--device", "reference:1", "--precision", "bfloat16"),
        err::toString);
    assertTrue(out.toString().contains("backend = reference:1\n"), out::toString);
    assertTrue(out.toString().contains("precision = bfloat16\n"), out::toString);
  }

  @Test
  void theConfigurationCountsWithoutThem() {
    assertEquals(0, run("train", "--print-config", "--set", "backend=reference"), err::toString);
    assertTrue(out.toString().contains("backend = reference\n"), out::toString);
  }

  @Test
  void theSameSaidTwiceIsNoContradiction() {
    assertEquals(0, run("train", "--print-config", "--set", "backend = reference", "--device", "reference"),
        err::toString);
  }

  @Test
  void aContradictionIsBadUsage() {
    assertEquals(2, run("train", "--print-config", "--set", "backend=cpu", "--device", "reference"));
    assertTrue(err.toString().contains("--device reference contradicts --set backend=cpu; leave out one of the two"),
        err::toString);
    assertEquals(2, run("demo", "--set", "precision=tf32", "--precision", "float32"));
    assertTrue(err.toString().contains("--precision float32 contradicts --set precision=tf32"), err::toString);
  }

  @Test
  void namesThatAreNoneAreBadUsageBeforeAnythingIsDone() {
    assertEquals(2, run("train", "--device", "abacus"));
    assertTrue(err.toString().contains("--device: there is no backend 'abacus'"), err::toString);
    assertEquals(2, run("train", "--precision", "int8"));
    assertTrue(err.toString().contains("--precision: there is no precision 'int8'"), err::toString);
    assertEquals(1, run("train", "--device", "cuda:1"));
    assertTrue(err.toString().contains("set LENTIL_CUDA=1"), err::toString);
    assertEquals(1, run("train", "--set", "backend=cuda:1"));
    assertTrue(err.toString().contains("set LENTIL_CUDA=1"), err::toString);
    assertEquals(0, run("train", "--print-config", "--set", "backend=cuda:1"), "it may be for another machine");
  }
}
