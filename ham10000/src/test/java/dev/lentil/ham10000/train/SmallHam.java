package dev.lentil.ham10000.train;

import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.demo.DemoDataset;
import dev.lentil.ham10000.image.RgbImage;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.nn.Initializer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** A folder like HAM10000's with small drawn pictures, and weights of a narrow base that knows nothing yet. */
public final class SmallHam {
  private static final int SIDE = 32;

  private final Path folder;

  /** Writes everything below {@code folder}. */
  public SmallHam(Path folder, int lesions) throws IOException {
    this.folder = folder;
    var dataset = DemoDataset.of(7, lesions);
    Files.createDirectories(images());
    Files.writeString(folder.resolve(Metadata.FILE_NAME), dataset.csv());
    for (var row : dataset.metadata().rows()) {
      write(dataset.paint(row, SIDE), images().resolve(row.imageId() + ".png"));
    }
    var architecture = MobileNetV2.keras(0.35, SIDE, SIDE, new Head.Features());
    ModelFile.write(weights(), new Model(architecture, InputScaling.MINUS_ONE_TO_ONE,
        Initializer.weights(architecture.network(), 1), Map.of()));
  }

  public Path images() {
    return folder.resolve("images");
  }

  private Path weights() {
    return folder.resolve("base.safetensors");
  }

  private static void write(RgbImage image, Path file) throws IOException {
    var picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < image.width() * image.height(); i++) {
      int rgb =
          (image.rgb()[3 * i] & 0xFF) << 16 | (image.rgb()[3 * i + 1] & 0xFF) << 8 | image.rgb()[3 * i + 2] & 0xFF;
      picture.setRGB(i % image.width(), i / image.width(), rgb);
    }
    ImageIO.write(picture, "png", file.toFile());
  }

  /** Arguments of {@code train} for a run that takes seconds, then others. */
  public List<String> train(Path run, String... more) {
    return Stream.concat(Stream.of("train", "--run", run.toString(), "--set", "data=" + folder, "--set",
        "cache=" + folder.resolve("cache"), "--set", "weights=" + weights(), "--set", "alpha=0.35", "--set",
        "resolution=32x32", "--set", "batch=16", "--set", "stage1.epochs=2", "--set", "stage2.epochs=2", "--set",
        "stage2.cut=block_13_expand", "--set", "stage2.learning-rate=1e-3", "--set", "batch-norm.momentum=0.9", "--set",
        "checkpoint.batches=1"), Stream.of(more)).toList();
  }
}
