package dev.lentil.ham10000.demo;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.image.Pictures;
import dev.lentil.io.AtomicFile;
import dev.lentil.mobilenetv2.image.RgbImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/** A few test pictures in the run's folder, for whoever wants to try {@code predict} and {@code explain} on them. */
final class DemoPictures {
  static final String FOLDER = "pictures";

  private static final int OF_EACH = 2;

  private DemoPictures() {}

  /**
   * Writes the first test pictures of each diagnosis, each of another lesion, as the network is shown them. The names say the diagnosis.
   *
   * @return their files
   */
  static List<Path> write(Path run, Split split, Function<Split.Member, RgbImage> picture) {
    Path folder = run.resolve(FOLDER);
    var lesions = new HashSet<String>();
    var of = new HashMap<Diagnosis, Integer>();
    var files = new ArrayList<Path>();
    try {
      Files.createDirectories(folder);
      for (var member : split.of(Split.Subset.TEST)) {
        var diagnosis = member.row().diagnosis();
        if (of.getOrDefault(diagnosis, 0) < OF_EACH && lesions.add(member.row().lesionId())) {
          of.merge(diagnosis, 1, Integer::sum);
          Path file = folder.resolve(diagnosis.code() + "-" + member.imageId() + ".png");
          AtomicFile.write(file, Pictures.png(Pictures.of(picture.apply(member))));
          files.add(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files.stream().sorted().toList();
  }
}
