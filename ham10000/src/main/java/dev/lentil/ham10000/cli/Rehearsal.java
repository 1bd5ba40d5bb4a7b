package dev.lentil.ham10000.cli;

import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.nn.Initializer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * Classifies a black picture with a small network that has learned nothing, and so uses the classes that most starts use. The launcher lets
 * Java write them, with profiles, into a cache (JEP 483, 514 and 515) that later starts map instead of reading and checking all again.
 */
public final class Rehearsal {
  private static final int SIZE = 96;
  private static final int CLASSES = 10;

  private Rehearsal() {}

  /** Its exit code is the program's. */
  public static void main(String[] args) throws IOException {
    System.setProperty("java.awt.headless", "true");
    System.exit(run(new PrintWriter(System.out), new PrintWriter(System.err)));
  }

  /** @return the exit code of the command */
  static int run(PrintWriter out, PrintWriter err) throws IOException {
    Path folder = Files.createTempDirectory("lentil-rehearsal");
    Path weights = folder.resolve("weights.safetensors");
    Path photo = folder.resolve("black.jpg");
    try {
      var architecture = MobileNetV2.keras(0.35, SIZE, SIZE, Head.categories(CLASSES));
      ModelFile.write(weights, new Model(architecture, InputScaling.MINUS_ONE_TO_ONE,
          Initializer.weights(architecture.network(), 1), Map.of()));
      ImageIO.write(new BufferedImage(4 * SIZE, 3 * SIZE, BufferedImage.TYPE_INT_RGB), "jpg", photo.toFile());
      return Main.run(out, err, "classify", photo.toString(), "--weights", weights.toString());
    } finally {
      for (Path made : List.of(weights, photo, folder)) {
        Files.deleteIfExists(made);
      }
    }
  }
}
