package dev.lentil.ham10000;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.ham10000.cli.Main;
import dev.lentil.ham10000.image.TestImages;
import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbabilityCheckTest {
  private static final Path IMAGE = Path.of("a.jpg");

  @TempDir
  private Path folder;

  @Test
  void numbersAreHandedOnAndOthersRefused() {
    var probabilities = new float[] {0, 0.25f, 0.75f};
    assertSame(probabilities, ProbabilityCheck.require(probabilities, IMAGE, Path.of("w.h5")));
    assertEquals(
        "a.jpg: the network of w.h5 answers with NaN instead of a probability; its weights are damaged, so get the "
            + "file again or train anew",
        assertThrows(UserError.class,
            () -> ProbabilityCheck.require(new float[] {0.5f, Float.NaN}, IMAGE, Path.of("w.h5"))).getMessage());
  }

  /** Finite weights so large that all logits are infinite. */
  private Path overflowing(Head head) {
    var architecture = MobileNetV2.keras(0.35, 64, 64, head);
    var weights = Initializer.weights(architecture.network(), 3);
    var changed = new HashMap<String, Tensor>();
    changed.put("Conv_1_bn/beta", filled(weights.get("Conv_1_bn/beta"), 6));
    changed.put("Conv_1_bn/gamma", filled(weights.get("Conv_1_bn/gamma"), 0));
    changed.put("predictions/kernel", filled(weights.get("predictions/kernel"), 3e38f));
    Path file = folder.resolve("weights.safetensors");
    ModelFile.write(file, new Model(architecture, InputScaling.MINUS_ONE_TO_ONE, weights.with(new Weights(changed)),
        Map.of("task", "seven-class")));
    return file;
  }

  private static Tensor filled(Tensor like, float value) {
    var values = new float[Math.toIntExact(like.shape().size())];
    Arrays.fill(values, value);
    return Tensor.of(like.shape(), values);
  }

  @Test
  void classifyAndPredictFailWithIt() throws IOException {
    Path photo = Files.write(folder.resolve("photo.jpg"), TestImages.jpeg(64, 64, 1));
    Path weights = overflowing(new Head.Transfer(7, 0.3));
    for (String command : new String[] {"classify", "predict"}) {
      var out = new StringWriter();
      var err = new StringWriter();
      assertEquals(1, Main.run(new PrintWriter(out), new PrintWriter(err), command, photo.toString(), "--weights",
          weights.toString(), "--json"), out::toString);
      var message =
          photo + ": the network of " + weights + " answers with NaN instead of a probability; its weights are "
              + "damaged, so get the file again or train anew";
      assertEquals(Map.of("error", message), Json.parse(out.toString()));
      assertEquals("error: " + message, err.toString().strip());
    }
  }
}
