package dev.lentil.ham10000.data;

import dev.lentil.ham10000.image.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A small data set on disk: one image per lesion, diagnoses in turn. */
public final class TestDataset {
  private TestDataset() {}

  public static String id(int i) {
    return "ISIC_%07d".formatted(i);
  }

  public static List<String> ids(int count) {
    return IntStream.range(0, count).mapToObj(TestDataset::id).toList();
  }

  /** Writes the metadata and, into {@code folder/images}, JPEG files of 30x40 pixels. */
  public static Path write(Path folder, int count) throws IOException {
    var text = new StringBuilder("lesion_id,image_id,dx,dx_type,age,sex,localization\n");
    var images = Files.createDirectories(folder.resolve("images"));
    for (int i = 0; i < count; i++) {
      text.append("HAM_%07d,%s,%s,histo,50.0,male,back%n".formatted(i, id(i), Diagnosis.values()[i % 7].code()));
      Files.write(images.resolve(id(i) + ".jpg"), TestImages.jpeg(30, 40, i));
    }
    Files.writeString(folder.resolve(Metadata.FILE_NAME), text);
    return folder;
  }
}
