package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
  void jsonIsOneDocumentWithTheSameFindings() {
    var document = assertInstanceOf(Map.class, Json.parse(doctor("--json")));
    assertEquals(Runtime.version().toString(), document.get("java"));
    assertEquals((long) Runtime.getRuntime().availableProcessors(), document.get("cores"));
    assertEquals(Map.of("version", Version.current().version(), "revision", Version.current().revision()),
        document.get("lentil"));
    // the build adds the module to every test
    var vector = assertInstanceOf(Map.class, document.get("vectorApi"));
    assertEquals(true, vector.get("present"));
    assertTrue((long) vector.get("floatLanes") >= 2, vector.toString());
  }

  @Test
  void everyBackendSaysWhetherItRuns() {
    var findings = DoctorCommand.Findings.current();
    for (var name : List.of("reference", "cpu")) {
      assertTrue(
          findings.backends().stream().anyMatch(state -> state.name().equals(name) && state.available()),
          findings::text);
    }
    var absent = new DoctorCommand.BackendState("cuda", false, "no GPU");
    assertEquals("cuda: not available, no GPU", absent.text());
  }

  @Test
  void absentVectorApiTellsTheRemedy() {
    assertTrue(new VectorApi(false, 0).text().contains("--add-modules jdk.incubator.vector"));
  }
}
