package dev.lentil.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import dev.lentil.weights.scheme.NamingScheme;
import dev.lentil.weights.store.WeightFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightWriterTest {
  @TempDir
  private Path folder;

  private static Model model(Head head) {
    var architecture = MobileNetV2.keras(0.1, 48, 64, head).withBnMomentum(0.9);
    return new Model(architecture, InputScaling.ZERO_TO_ONE, new RandomTensors(2).weights(architecture.network()),
        Map.of("licence", "none"));
  }

  private static int[] bits(Tensor tensor) {
    float[] values = ((Tensor.F32) tensor).floats();
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ONNX_GRAPH")
  void theSameModelComesBackToTheBit(NamingScheme scheme) {
    for (Head head : new Head[] {Head.binary(), new Head.Classifier(5), new Head.Features()}) {
      Model model = model(head);
      Path path = folder.resolve("x.safetensors");
      WeightWriter.write(path, model, scheme);
      WeightFile read = WeightFile.open(path);
      assertEquals(scheme, read.scheme());
      assertEquals(Set.of(), read.assumed());
      assertEquals(model.architecture(), read.model().architecture());
      assertEquals(model.scaling(), read.model().scaling());
      assertEquals(model.notes(), read.model().notes());
      assertEquals(model.weights().tensors().keySet(), read.model().weights().tensors().keySet());
      model.weights().tensors().forEach((name, tensor) -> assertArrayEquals(bits(tensor),
          bits(read.model().weights().get(name)), name));
    }
  }

  @Test
  void whatCannotBeWrittenIsOneClearError() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    String message = assertThrows(WeightFileException.class,
        () -> WeightWriter.write(file.resolve("x"), model(Head.binary()), NamingScheme.TIMM)).getMessage();
    assertTrue(message.startsWith(file.resolve("x") + ": cannot be written"), message);
  }
}
