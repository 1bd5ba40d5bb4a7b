package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.nn.Initializer;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's library example compiles and runs with the engine and this module alone on the class path. */
class ReadmeExampleTest {
  @TempDir
  private Path folder;

  @Test
  void compilesAndRunsWithTwoModulesAndWithoutTheVectorModule() throws Exception {
    var program = ExampleProgram.of("README.md", "Classify", folder);
    Path weights = folder.resolve("small.safetensors");
    var architecture = MobileNetV2.keras(0.35, 32, 32, new Head.Classifier(5));
    ModelFile.write(weights, new Model(architecture, InputScaling.MINUS_ONE_TO_ONE,
        Initializer.weights(architecture.network(), 1), Map.of()));
    Path photo = folder.resolve("photo.jpg");
    assertTrue(ImageIO.write(photo(), "jpeg", photo.toFile()));
    List<String> vector =
        program.run(List.of("--add-modules", "jdk.incubator.vector"), weights.toString(), photo.toString());
    List<String> plain = program.run(List.of(), weights.toString(), photo.toString());
    assertEquals(3, plain.stream().filter(line -> line.matches("[0-4] [0-9.E-]+")).count(),
        () -> String.join("\n", plain));
    assertEquals(3, vector.stream().filter(line -> line.matches("[0-4] [0-9.E-]+")).count(),
        () -> String.join("\n", vector));
    assertEquals(1, plain.stream().filter(line -> line.contains("--add-modules jdk.incubator.vector")).count(),
        () -> "one line says what is lost and how to get it:\n" + String.join("\n", plain));
  }

  private static BufferedImage photo() {
    var photo = new BufferedImage(90, 50, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < photo.getWidth(); x++) {
      for (int y = 0; y < photo.getHeight(); y++) {
        photo.setRGB(x, y, 2 * x << 16 | 5 * y << 8 | x + y);
      }
    }
    return photo;
  }
}
