package dev.lentil.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {
  private record Ran(int exitCode, String out, String err) {}

  private static Ran bench(String... options) {
    var args = new ArrayList<>(List.of("bench"));
    args.addAll(List.of(options));
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode = dev.lentil.ham10000.cli.Main.run(List.of(new BenchCommand()), new PrintWriter(out),
        new PrintWriter(err), args.toArray(String[]::new));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  @Test
  void itIsACommandLikeTheOthers() {
    var help = bench("--help");
    assertEquals(0, help.exitCode());
    assertTrue(help.out().contains("./lentil bench"), help.out());
    assertTrue(help.out().stripTrailing().endsWith(Disclaimer.TEXT), help.out());
    assertEquals(2, bench("--fast").exitCode());
  }

  @Test
  void casesAreMeasuredInOtherProcesses() {
    var ran = bench("--quick", "--only", "infer b1", "--alpha", "0.35", "--resolution", "32", "--json");
    assertEquals(0, ran.exitCode(), ran.err());
    var list = (List<?>) Json.parse(ran.out());
    assertEquals(List.of("infer b1 t1", "infer b1 t2", "infer b1 t1 c2"),
        list.stream().map(entry -> ((Map<?, ?>) entry).get("name")).toList());
    var entry = (Map<?, ?>) list.getFirst();
    assertEquals("onnxruntime", entry.get("peer"));
    double ratio = ((Number) entry.get("ratio")).doubleValue();
    double lentil = ((Number) entry.get("lentil_ms")).doubleValue();
    assertEquals(lentil / ((Number) entry.get("peer_ms")).doubleValue(), ratio, 1e-12);
  }

  @Test
  void theLayersAreOneDocument() {
    var ran = bench("--layers", "--quick", "--alpha", "0.35", "--resolution", "32", "--json");
    assertEquals(0, ran.exitCode(), ran.err());
    var document = (Map<?, ?>) Json.parse(ran.out());
    assertTrue(((List<?>) document.get("steps")).size() > 20, ran.out());
  }

  @ParameterizedTest
  @CsvSource({"--threads 2, --threads", "--batch 8, --batch", "--param layer=Conv_1, --param",
      "--layers --only train, --only",
      "--layers --peer pytorch, --peer", "--first --batch 8, --batch", "--jmh Pointwise --weights w, --weights",
      "--epoch --quick, --quick", "--weights w --alpha 0.35, --alpha"})
  void anOptionThatWouldDoNothingIsBadUsage(String line, String option) {
    var ran = bench(line.split(" "));
    assertEquals(2, ran.exitCode(), ran.err());
    assertTrue(ran.err().startsWith("error: " + option + " is "), ran.err());
  }

  @Test
  void whatIsWrongIsToldInOneLine(@TempDir Path folder) {
    var unknown = bench("--only", "infer b2");
    assertEquals(2, unknown.exitCode());
    assertTrue(unknown.err().startsWith("error: --only infer b2 is no case; there are infer b1 t1, "), unknown.err());

    Path file = folder.resolve("none.safetensors");
    var missing = bench("--only", "infer b1 t1", "--weights", file.toString());
    assertEquals(1, missing.exitCode());
    assertTrue(missing.err().startsWith("error: " + file + ": there is no such weight file"), missing.err());

    var both = bench("--layers", "--memory");
    assertEquals(2, both.exitCode());
    var none = bench("--layers", "--threads", "0");
    assertEquals(2, none.exitCode());
    assertTrue(none.err().startsWith("error: --threads is 0"), none.err());

    var peer = bench("--quick", "--only", "infer b1 t1", "--peer", "tensorflow", "--alpha", "0.35", "--resolution",
        "32");
    assertEquals(1, peer.exitCode());
    assertTrue(peer.err().contains("--peer tensorflow"), peer.err());
    var build = bench("--quick", "--only", "train b32 t1", "--peer", folder.toString());
    assertEquals(1, build.exitCode());
    assertTrue(build.err().startsWith("error: " + folder + " holds no build of Lentil"), build.err());
  }
}
