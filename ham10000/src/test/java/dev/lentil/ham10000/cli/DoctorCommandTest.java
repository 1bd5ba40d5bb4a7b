package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Finding;
import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.report.Fonts;
import dev.lentil.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("one of its tests sets the process's locale")
class DoctorCommandTest {
  private static String doctor(String... options) {
    var out = new StringWriter();
    var args = new String[options.length + 1];
    args[0] = "doctor";
    System.arraycopy(options, 0, args, 1, options.length);
    assertEquals(0, Main.run(new PrintWriter(out), new PrintWriter(System.err, true), args));
    return out.toString();
  }

  @Test
  void textNamesJavaAndCarriesTheDisclaimer() {
    var text = doctor();
    assertTrue(text.contains(Runtime.version().toString()), text);
    assertTrue(text.stripTrailing().endsWith(Disclaimer.TEXT), text);
  }

  @Test
  void aLaterJavaIsRecommendedToAnEarlyOne() {
    assertEquals("25.0.2+10-LTS; 25.0.3 or later is recommended", DoctorCommand.Findings.javaText("25.0.2+10-LTS"));
    for (String late : List.of("25.0.3+9-LTS", "25.0.3", "26")) {
      assertEquals(late, DoctorCommand.Findings.javaText(late));
    }
  }

  /** Of the machine's locale, which may write 7,6. */
  @Test
  void figuresHavePointsInEveryLocale() {
    var before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertTrue(doctor().matches("(?s).*Memory +\\d+\\.\\d GiB, Java heap at most \\d+\\.\\d GiB.*"));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void jsonIsOneDocumentWithTheSameFindings() {
    var document = assertInstanceOf(Map.class, Json.parse(doctor("--json")));
    assertEquals(Runtime.version().toString(), document.get("java"));
    assertEquals((long) Runtime.getRuntime().availableProcessors(), document.get("cores"));
    assertEquals(Map.of("version", Version.current().version(), "revision", Version.current().revision()),
        document.get("lentil"));
    assertEquals("cpu", document.get("automatic"));
    // the build adds the module to every test
    var vector = assertInstanceOf(Map.class, document.get("vector_api"));
    assertEquals(true, vector.get("present"));
    assertTrue((long) vector.get("float_lanes") >= 2, vector.toString());
  }

  @Test
  void everyBackendSaysWhetherItRuns() {
    var findings = DoctorCommand.Findings.current();
    for (var name : List.of("reference", "cpu")) {
      assertTrue(
          findings.backends().stream().anyMatch(state -> state.name().equals(name) && state.available()),
          findings::text);
    }
    var absent = new DoctorCommand.BackendState("cuda", false, "no GPU", List.of());
    assertEquals("cuda: not available, no GPU", absent.text());
  }

  /** This module's tests are without the CUDA backend, as the program is without LENTIL_CUDA. */
  @Test
  void withoutTheCudaBackendItSaysHowToLoadIt() {
    for (String text : List.of(doctor(), doctor("--json"))) {
      assertTrue(text.contains("the CUDA backend is not loaded") && text.contains("set LENTIL_CUDA=1"), text);
    }
    assertTrue(doctor().contains("--device     auto takes cpu, since cuda:0 is not available"), doctor());
    var seen = DoctorCommand.BackendState.notLoaded(Optional.of(Path.of("/dev/nvidia0")));
    assertEquals("cuda: not available, though this machine seems to have an NVIDIA card (/dev/nvidia0), since the CUDA "
        + "backend is not loaded: set LENTIL_CUDA=1 in the environment and start ./lentil again (docs/gpu.md)",
        seen.text());
  }

  @Test
  void partsAreALineEachAndWhatFailsIsMarked() {
    var parts = List.of(
        new Finding("driver", Finding.State.READY, "580.95.05, for CUDA 13.0", Map.of("cuda", "13.0")),
        new Finding("cuBLAS", Finding.State.FAILS, "nowhere to be found. Install it", Map.of("problem", "none")),
        new Finding("cuDNN", Finding.State.UNUSED, "no cuDNN but own kernels", Map.of()));
    var state = new DoctorCommand.BackendState("cuda", false, "nowhere to be found. Install it", parts);
    assertEquals("""
        cuda: not available, since what is marked ! fails
            driver  580.95.05, for CUDA 13.0
          ! cuBLAS  nowhere to be found. Install it
            cuDNN   no cuDNN but own kernels""", state.text());
    assertTrue(new DoctorCommand.BackendState("cuda", true, "H200; cuBLAS 13", parts).text()
        .startsWith("cuda: H200; cuBLAS 13\n"));
    var document = assertInstanceOf(Map.class, Json.parse(Json.compact(state)));
    var second = assertInstanceOf(Map.class, assertInstanceOf(List.class, document.get("parts")).get(1));
    assertEquals(Map.of("part", "cuBLAS", "state", "FAILS", "text", "nowhere to be found. Install it", "facts",
        Map.of("problem", "none")), second);
  }

  @Test
  void whatChartsLackIsMarked() {
    var here = new DoctorCommand.Charts(Fonts.problem());
    assertTrue(doctor().contains("Charts       " + here.text() + "\n"), doctor());
    assertEquals("can be drawn", new DoctorCommand.Charts(Optional.empty()).text());
    assertEquals("! no font. Install one", new DoctorCommand.Charts(Optional.of("no font. Install one")).text());
  }

  @Test
  void absentVectorApiTellsTheRemedy() {
    assertTrue(new VectorApi(false, 0).text().contains("--add-modules jdk.incubator.vector"));
  }
}
