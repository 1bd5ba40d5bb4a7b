package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.json.Json;
import dev.lentil.testing.SharedData;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelfTestCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  @Test
  void jsonHoldsEveryGroup() {
    Path file = SharedData.require("reference/pytorch_float64_torch_padding_a035_r96.safetensors");
    assertEquals(0, run("selftest", "--reference", file.toString(), "--json"), err::toString);
    var document = assertInstanceOf(Map.class, Json.parse(out.toString()));
    assertEquals(true, document.get("passed"));
    var files = assertInstanceOf(List.class, document.get("files"));
    var groups = assertInstanceOf(List.class, assertInstanceOf(Map.class, files.getFirst()).get("groups"));
    assertTrue(groups.size() >= 16, out::toString);
  }

  @Test
  void aFileThatIsNoReferenceIsOneClearError() {
    Path file = SharedData.require("weights/mobilenet_v2_0.35_imagenet_no_top.safetensors");
    assertEquals(1, run("selftest", "--reference", file.toString()));
    assertTrue(err.toString().startsWith("error: " + file + ": "), err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertTrue(
        err.toString().contains("there is no tensor 'input'; --reference takes a file of another framework's results"),
        err::toString);
    assertTrue(err.toString().contains("(docs/parity.md)"), err::toString);
  }

  @Test
  void withoutTheCudaBackendItSaysHowToStartIt() {
    for (String name : List.of("cuda", "cuda:1")) {
      err.getBuffer().setLength(0);
      assertEquals(1, run("selftest", "--reference", "any.safetensors", "--device", name));
      assertEquals(
          "error: there is no backend 'cuda'; there are cpu, reference; for a graphics card set LENTIL_CUDA=1 in the "
              + "environment and start ./lentil again (docs/gpu.md)",
          err.toString().strip());
    }
  }

  @Test
  void anUnknownBackendIsOneClearError() {
    assertEquals(2, run("selftest", "--reference", "any.safetensors", "--device", "abacus"));
    assertTrue(err.toString().contains("there is no backend 'abacus'; there are cpu, reference"), err::toString);
    assertEquals(2, run("selftest", "--reference", "any.safetensors", "--device", "cuda:x"));
    assertTrue(err.toString().contains("--device: 'cuda:x' names no card: write cuda:0 for the first one"),
        err::toString);
  }
}
