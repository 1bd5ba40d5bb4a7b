package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.DeviceOptions;
import dev.lentil.nn.Loss;
import dev.lentil.testing.RandomTensors;
import dev.lentil.testing.SharedData;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of docs/library.md. */
class LibraryExamplesTest {
  private static final List<String> CLASSES = List.of("discs", "rings", "squares");
  private static final int DRAWINGS = 20;
  private static final int SIDE = 96;

  @TempDir
  private Path folder;

  /** Three classes of drawings from few of them; what the program writes knows others. */
  @Test
  void trainLearnsWhatIsDrawn() throws Exception {
    Path weights = folder.resolve("base.safetensors");
    ModelFile.write(weights, ModelFile.read(SharedData.require("weights/mobilenet_v2_0.35_imagenet_no_top.safetensors"))
        .withResolution(SIDE, SIDE));
    Path drawings = folder.resolve("drawings");
    var random = new Random(1);
    for (int c = 0; c < CLASSES.size(); c++) {
      Path of = Files.createDirectories(drawings.resolve(CLASSES.get(c)));
      for (int i = 0; i < DRAWINGS; i++) {
        ImageIO.write(drawing(c, random), "png", of.resolve(i + ".png").toFile());
      }
    }
    Path trained = folder.resolve("trained.safetensors");
    List<String> said = ExampleProgram.of("docs/library.md", "Train", folder)
        .run(List.of("--add-modules", "jdk.incubator.vector"), weights.toString(), drawings.toString(),
            trained.toString());
    assertTrue(said.stream().anyMatch(line -> line.startsWith("stage 2 (fine-tuning)")), String.join("\n", said));

    int right = 0;
    try (var classifier = ImageClassifier.open(trained, new DeviceOptions(1))) {
      assertEquals(CLASSES.size(), classifier.classes());
      for (int i = 0; i < 3 * DRAWINGS; i++) {
        int[] pixels = drawing(i % 3, random).getRGB(0, 0, 2 * SIDE, 2 * SIDE, null, 0, 2 * SIDE);
        if (classifier.top(1, pixels, 2 * SIDE, 2 * SIDE).getFirst().index() == i % 3) {
          right++;
        }
      }
    }
    System.out.println("the program of docs/library.md: " + right + " of " + 3 * DRAWINGS + " new drawings right");
    assertTrue(right > 0.8 * 3 * DRAWINGS, right + " of " + 3 * DRAWINGS);
  }

  /** The head's product with them gives the classifier's answer. */
  @Test
  void featuresAreWhatTheHeadReads() throws Exception {
    var architecture = MobileNetV2.keras(0.35, 32, 32, new Head.Classifier(3));
    var model = new Model(architecture, InputScaling.MINUS_ONE_TO_ONE,
        new RandomTensors(3).weights(architecture.network()), Map.of());
    Path weights = folder.resolve("small.safetensors");
    ModelFile.write(weights, model);
    Path photo = folder.resolve("photo.png");
    BufferedImage drawing = drawing(1, new Random(2));
    ImageIO.write(drawing, "png", photo.toFile());
    List<String> said = ExampleProgram.of("docs/library.md", "Features", folder)
        .run(List.of("--add-modules", "jdk.incubator.vector"), weights.toString(), photo.toString());
    String line = said.stream().filter(l -> l.startsWith(photo + " [")).findFirst().orElseThrow();
    double[] features = Stream.of(line.substring(line.indexOf('[') + 1, line.length() - 1).split(", "))
        .mapToDouble(Double::parseDouble).toArray();
    assertEquals(1280, features.length);

    double[] logits = model.weights().get(Head.BIAS).doubles();
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < features.length; i++) {
        logits[c] += features[i] * model.weights().get(Head.KERNEL).get(3 * i + c);
      }
    }
    Loss.softmax(logits, 0, 3);
    try (var classifier = ImageClassifier.open(weights, new DeviceOptions(1))) {
      float[] expected =
          classifier.probabilities(drawing.getRGB(0, 0, 2 * SIDE, 2 * SIDE, null, 0, 2 * SIDE), 2 * SIDE, 2 * SIDE);
      for (int c = 0; c < 3; c++) {
        assertEquals(expected[c], logits[c], 1e-6);
      }
    }
  }

  /** A filled disc, a ring or a square somewhere on the sheet, in any colours. */
  private static BufferedImage drawing(int which, Random random) {
    var image = new BufferedImage(2 * SIDE, 2 * SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D sheet = image.createGraphics();
    sheet.setColor(new Color(160 + random.nextInt(90), 160 + random.nextInt(90), 160 + random.nextInt(90)));
    sheet.fillRect(0, 0, 2 * SIDE, 2 * SIDE);
    Color paper = sheet.getColor();
    sheet.setColor(new Color(random.nextInt(110), random.nextInt(110), random.nextInt(110)));
    int size = SIDE / 2 + random.nextInt(SIDE / 2);
    int x = random.nextInt(2 * SIDE - size);
    int y = random.nextInt(2 * SIDE - size);
    if (which == 2) {
      sheet.fillRect(x, y, size, size);
    } else {
      sheet.fillOval(x, y, size, size);
      sheet.setColor(which == 1 ? paper : sheet.getColor());
      sheet.fillOval(x + size / 4, y + size / 4, size / 2, size / 2);
    }
    sheet.dispose();
    return image;
  }
}
