package dev.lentil.ham10000.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFoldersTest {
  @Test
  void everyImageInTheFolderOfItsClass(@TempDir Path data) throws IOException {
    TestDataset.write(data, 42);
    var split = Split.of(Metadata.read(data.resolve(Metadata.FILE_NAME)), Task.BINARY, 42);
    var images = ImageIndex.of(List.of(data.resolve("images")));
    var folder = data.resolve("classes");
    assertEquals(42, ClassFolders.write(folder, split, images));
    for (var member : split.members()) {
      var file =
          folder.resolve(member.subset() + "/" + (member.row().diagnosis().malignant() ? "malignant/" : "benign/")
              + member.imageId() + ".jpg");
      assertEquals(-1, Files.mismatch(images.files().get(member.imageId()), file));
    }
    assertTrue(Files.exists(folder.resolve("labels.txt")));
    assertEquals(0, ClassFolders.write(folder, split, images), "a second time nothing is added");
  }

  /** What the old split had for training would be trained on and tested. */
  @Test
  void theFoldersOfAnotherSplitAreRefused(@TempDir Path data) throws IOException {
    TestDataset.write(data, 42);
    var metadata = Metadata.read(data.resolve(Metadata.FILE_NAME));
    var images = ImageIndex.of(List.of(data.resolve("images")));
    var folder = data.resolve("classes");
    ClassFolders.write(folder, Split.of(metadata, Task.BINARY, 42), images);
    long before = count(folder);
    var message = assertThrows(UserError.class,
        () -> ClassFolders.write(folder, Split.of(metadata, Task.BINARY, 43), images)).getMessage();
    assertTrue(message.startsWith(folder.resolve("train").toString()) && message.contains(
        ".jpg: by this split the image belongs into " + folder) && message.contains("; remove " + folder), message);
    assertEquals(before, count(folder), "nothing is added");
  }

  private static long count(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).count();
    }
  }
}
