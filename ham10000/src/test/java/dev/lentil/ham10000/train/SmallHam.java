package dev.lentil.ham10000.train;

import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.demo.DemoDataset;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.mobilenetv2.image.RgbImage;
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

  Path metadata() {
    return folder.resolve(Metadata.FILE_NAME);
  }

  Path cache() throws IOException {
    try (var files = Files.list(folder.resolve("cache"))) {
      return files.filter(file -> file.toString().endsWith(".cache")).findFirst().orElseThrow();
    }
  }

  public Path images() {
    return folder.resolve("images");
  }

  Path weights() {
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
    return Stream.of(Stream.of("train", "--run", run.toString()),
        settings().stream().flatMap(setting -> Stream.of("--set", setting)), Stream.of(more)).flatMap(all -> all)
        .toList();
  }

  /** The configuration of the same run, with other settings. */
  TrainingConfig config(List<String> more) {
    return TrainingConfig.of(List.of(), Stream.concat(settings().stream(), more.stream()).toList());
  }

  private List<String> settings() {
    return List.of("data=" + folder, "cache=" + folder.resolve("cache"), "weights=" + weights(), "alpha=0.35",
        "resolution=32x32", "batch=16", "stage1.epochs=2", "stage2.epochs=2", "stage2.cut=block_13_expand",
        "stage2.learning-rate=1e-3", "batch-norm.momentum=0.9", "checkpoint.batches=1");
  }
}
