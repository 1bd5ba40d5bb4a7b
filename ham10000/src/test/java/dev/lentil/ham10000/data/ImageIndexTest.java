package dev.lentil.ham10000.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.image.ImageDecoder;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageIndexTest {
  @TempDir
  Path data;

  @Test
  void takesTheFoldersThatTogetherCoverMost() throws IOException {
    touch("small/A.jpg", "small/B.jpg", "small/C.jpg", "part_1/A.jpg", "part_1/B.JPEG", "deep/part_2/C.png",
        "deep/part_2/D.jpg",
        "deep/part_2/._D.jpg", "part_1/readme.txt", "other/X.jpg");
    var index = ImageIndex.discover(data, List.of("A", "B", "C", "D"));
    // small covers three; part_2 adds D; part_1 would add nothing
    assertEquals(List.of(data.resolve("small"), data.resolve("deep/part_2")), index.folders());
    assertEquals("[A, B, C, D]", index.files().keySet().toString());
    assertEquals(data.resolve("small/C.jpg"), index.files().get("C"));
    assertEquals(List.of(data.resolve("deep/part_2/C.png")), index.duplicates());
  }

  @Test
  void twoHalves() throws IOException {
    touch("part_1/A.jpg", "part_1/B.jpg", "part_2/C.jpg", "part_2/D.jpg");
    var index = ImageIndex.discover(data, List.of("A", "B", "C", "D"));
    assertEquals(List.of(data.resolve("part_1"), data.resolve("part_2")), index.folders());
    assertTrue(index.duplicates().isEmpty());
    assertEquals(List.of(data.resolve("part_2/D.jpg"), data.resolve("part_1/A.jpg")), index.require(List.of("D", "A")));
  }

  /** A data set often lies on another disk, and the folder here, or one in it, is a link to it. */
  @Test
  void linksAreFollowed() throws IOException {
    touch("disk/part_1/A.jpg", "disk/part_2/B.jpg", "more/deep/C.jpg");
    Files.createSymbolicLink(data.resolve("disk/more"), data.resolve("more"));
    Files.createSymbolicLink(data.resolve("disk/part_2/back"), data.resolve("disk"));
    Path link = Files.createSymbolicLink(data.resolve("link"), data.resolve("disk"));
    var index = ImageIndex.discover(link, List.of("A", "B", "C"));
    assertEquals(List.of(link.resolve("more/deep"), link.resolve("part_1"), link.resolve("part_2")), index.folders());
  }

  /** File names from a Mac have an accent as a character of its own; a spreadsheet writes one character for both. */
  @Test
  void anAccentIsTheSameHoweverItIsWritten() throws IOException {
    String apart = "La\u0308sion";
    String composed = "L\u00e4sion";
    Path file = Files.writeString(data.resolve(Metadata.FILE_NAME),
        "lesion_id,image_id,dx,dx_type,age,sex,localization\n"
            + "1," + composed + " 1,nv,,,,\n2," + apart + " 2,mel,,,,\n");
    List<String> ids = Metadata.read(file).rows().stream().map(Metadata.Row::imageId).toList();
    assertEquals(List.of(composed + " 1", composed + " 2"), ids);
    // as with LANG=C, where Java can name no such file
    assumeTrue(Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode(apart),
        "file names with accents need a locale of UTF-8, such as LC_ALL=C.UTF-8");
    touch("images/" + apart + " 1.jpg", "images/" + composed + " 2.jpg");
    List<Path> found = ImageIndex.discover(data, ids).require(ids);
    assertTrue(found.stream().allMatch(Files::exists), found.toString());
  }

  @Test
  void missingImagesAndFolders() throws IOException {
    touch("images/A.jpg");
    var index = ImageIndex.of(List.of(data.resolve("images")));
    assertEquals("2 of 3 images are missing, first B; searched " + data.resolve("images") + "; 'verify' lists them all",
        assertThrows(UserError.class, () -> index.require(List.of("A", "B", "C"))).getMessage());
    assertTrue(assertThrows(UserError.class, () -> ImageIndex.discover(data, List.of("Q"))).getMessage()
        .contains("no folder in it holds images"));
    assertTrue(assertThrows(UserError.class, () -> ImageIndex.of(List.of(data.resolve("none")))).getMessage()
        .startsWith(data.resolve("none") + ": the image folder cannot be read"));
  }

  /** So that decoding it says why. A link to itself cannot be reached even by whoever may enter every folder. */
  @Test
  void anImageThatCannotBeReachedIsNotMissing() throws IOException {
    touch("images/A.jpg");
    Path link = Files.createSymbolicLink(data.resolve("images/B.jpg"), data.resolve("images/B.jpg"));
    Files.createSymbolicLink(data.resolve("images/C.jpg"), data.resolve("none/C.jpg"));
    var index = ImageIndex.of(List.of(data.resolve("images")));
    assertEquals("[A, B]", index.files().keySet().toString());
    var e = assertThrows(UserError.class, () -> ImageDecoder.decode(link));
    assertTrue(e.getMessage().startsWith(link + ": the image cannot be read (Too many levels of symbolic links"),
        e.getMessage());
  }

  /** Such as lost+found of a disk that holds nothing but the data. Who may read everything cannot try it. */
  @Test
  void aFolderThatCannotBeReadIsLeftOut() throws IOException {
    touch("images/A.jpg", "lost+found/B.jpg", "deep/er/images/C.jpg");
    var closed = List.of(data.resolve("lost+found"), data.resolve("deep/er/images"));
    try {
      for (var folder : closed) {
        Files.setPosixFilePermissions(folder, Set.of());
      }
      assumeFalse(Files.isReadable(closed.getFirst()), "this user may read everything");
      assertEquals(List.of(data.resolve("images")), ImageIndex.discover(data, List.of("A", "B", "C")).folders());
      assertTrue(assertThrows(UserError.class, () -> ImageIndex.discover(closed.getFirst(), List.of("B"))).getMessage()
          .startsWith(closed.getFirst() + ": the folder cannot be searched (access denied)"));
    } finally {
      for (var folder : closed) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
    }
  }

  @Test
  void linksToFoldersAreFollowedAtAnyDepthThatIsSearched() throws IOException {
    touch("elsewhere/images/A.jpg", "data/1/2/3/B.jpg", "data/1/2/3/4/C.jpg");
    Files.createSymbolicLink(data.resolve("data/linked"), data.resolve("elsewhere/images"));
    Files.createDirectories(data.resolve("data/1/2/3/4/5"));
    Files.createFile(data.resolve("data/1/2/3/4/5/D.jpg"));
    assertEquals(List.of(data.resolve("data/1/2/3"), data.resolve("data/1/2/3/4"), data.resolve("data/linked")),
        ImageIndex.discover(data.resolve("data"), List.of("A", "B", "C", "D")).folders());
  }

  @Test
  void theRealFolders() {
    var folder = SharedData.require("ham10000");
    var ids = Metadata.read(folder.resolve(Metadata.FILE_NAME)).rows().stream().map(Metadata.Row::imageId).toList();
    var index = ImageIndex.discover(folder, ids);
    assertEquals(List.of(folder.resolve("images_200x150")), index.folders());
    assertEquals(10_015, index.require(ids).size());
  }

  private void touch(String... names) throws IOException {
    for (var name : names) {
      var file = data.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }
}
