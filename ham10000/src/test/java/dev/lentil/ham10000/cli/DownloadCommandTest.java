package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Sha256;
import dev.lentil.ham10000.download.Checksum;
import dev.lentil.ham10000.download.ImageArchive;
import dev.lentil.ham10000.download.WaywardServer;
import dev.lentil.json.Json;
import dev.lentil.testing.SharedData;
import dev.lentil.testing.files.Disk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadCommandTest {
  private static final String WEIGHTS = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96_no_top.h5";

  @TempDir
  private Path folder;
  private StringWriter out;
  private StringWriter err;

  private int download(WaywardServer server, String... args) {
    out = new StringWriter();
    err = new StringWriter();
    var all = new ArrayList<>(List.of("download"));
    all.addAll(List.of(args));
    all.addAll(List.of("--mirror", server.home(), "--to", folder.toString()));
    return Main.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
  }

  @Test
  void weights() throws IOException {
    byte[] bytes = Files.readAllBytes(SharedData.require("import-samples/mobilenet_v2_0.35_96_no_top.h5"));
    String[] network = {"mobilenet_v2", "--alpha", "0.35", "--resolution", "96", "--no-top"};
    try (var server = new WaywardServer().with(WEIGHTS, bytes)) {
      assertEquals(1, download(server, network));
      assertTrue(out.toString().contains(WEIGHTS + "  2.2 MB\nLicence: Apache License 2.0"), out.toString());
      assertTrue(err.toString().startsWith("error: nothing was fetched: read the licence"), err.toString());
      assertFalse(Files.exists(folder.resolve(WEIGHTS)));

      assertEquals(0, download(server, "mobilenet_v2", "--alpha", "0.35", "--resolution", "96", "--no-top",
          "--accept-licence"), err.toString());
      assertTrue(out.toString().contains("MobileNetV2 0.35, SHA-256 " + Sha256.hex(bytes)), out.toString());
      assertArrayEquals(bytes, Files.readAllBytes(folder.resolve(WEIGHTS)));

      assertEquals(1, download(server, "mobilenet_v2", "--alpha", "0.35", "--resolution", "96", "--no-top",
          "--accept-licence", "--sha256", "00".repeat(32)));
      assertTrue(err.toString().contains("but must be 0000"), err.toString());
      assertEquals(1, download(server, "mobilenet_v2", "--alpha", "0.9"));
      assertTrue(err.toString().contains("Keras has no MobileNetV2 of alpha 0.9 at 224"), err.toString());
    }
  }

  /** Other weights under the wanted name are found, though no check sum is published. */
  @Test
  void weightsOfAnotherNetwork() throws IOException {
    byte[] bytes = Files.readAllBytes(SharedData.require("import-samples/mobilenet_v2_0.35_96_no_top.h5"));
    try (var server = new WaywardServer().with(WEIGHTS.replace("0.35_96_no_top", "1.0_224"), bytes)) {
      assertEquals(1, download(server, "mobilenet_v2", "--accept-licence"));
      assertTrue(err.toString().contains("these are weights of alpha 0.35, not 1.0"), err.toString());
    }
  }

  @Test
  void aPageInPlaceOfTheWeightsIsNotKept() throws IOException {
    try (var server = new WaywardServer().with(WEIGHTS, "<html>Log in</html>".getBytes(StandardCharsets.UTF_8))) {
      assertEquals(1, download(server, "mobilenet_v2", "--alpha", "0.35", "--resolution", "96", "--no-top",
          "--accept-licence"));
      assertTrue(err.toString().contains("what was fetched is not what it should be ("), err.toString());
      assertFalse(err.toString().contains("internal error"), err.toString());
      try (var left = Files.list(folder)) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  @Test
  void imagesAreUnpackedWhereThereIsRoomAndADamagedArchiveIsNamed() throws IOException {
    Path archive = Files.write(folder.resolve("a.zip"), zip("a/ISIC_0000001.jpg", "a/ISIC_0000002.jpg"));
    var disk = new Disk(Files.createDirectory(folder.resolve("disk")));
    disk.leave(20);
    Path images = disk.path("images");
    String message = assertThrows(UserError.class, () -> ImageArchive.unpack(archive, images)).getMessage();
    assertEquals(images + ": the 2 images to unpack need 36 bytes and 20 are free there; make room, or choose another "
        + "folder with --to", message);
    disk.mend();
    // as many operations as for one image, and the next is refused
    disk.dieAt(3);
    message = assertThrows(UserError.class, () -> ImageArchive.unpack(archive, images)).getMessage();
    assertTrue(message.startsWith(archive + ": it cannot be unpacked into " + images + " ("), message);
    assertFalse(message.contains("damaged"), message);
    disk.mend();
    assertEquals(2, ImageArchive.unpack(archive, images));

    byte[] damaged = Files.readAllBytes(archive);
    damaged[damaged.length - 22] ^= 1;
    Files.write(archive, damaged);
    message = assertThrows(UserError.class, () -> ImageArchive.unpack(archive, images)).getMessage();
    assertTrue(message.startsWith(archive + ": this archive is damaged (") && message.contains("fetch it again"),
        message);
  }

  private static byte[] zip(String... names) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(name.getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void theDataSet() throws IOException {
    byte[] images = zip("ISIC_0000001.jpg", "folder/ISIC_0000002.jpg", "../../ISIC_0000003.jpg", "__MACOSX/._a.jpg",
        "readme.txt");
    byte[] table = Files.readAllBytes(SharedData.require("ham10000/HAM10000_metadata.csv"));
    Path archive = Files.write(folder.resolve("a"), images);
    String listing = Json.compact(Map.of("status", "OK", "data", List.of(
        entry(7, "HAM10000_images_part_1.zip", images.length, Checksum.of(archive, "MD5").hex()),
        entry(8, "HAM10000_metadata.tab", 12, "0".repeat(32)),
        entry(9, "ISIC2018_Task3_Test_Images.zip", 5, "0".repeat(32)))));
    try (var server = new WaywardServer()
        .with("api/datasets/:persistentId/versions/:latest-published/files?persistentId=doi:10.7910/DVN/DBW86T",
            listing.getBytes(StandardCharsets.UTF_8))
        .with("api/access/datafile/7", images).with("api/access/datafile/8?format=original", table)) {
      assertEquals(1, download(server, "ham10000"));
      assertTrue(out.toString().contains("Licence: CC BY-NC 4.0"), out.toString());
      assertEquals(0, download(server, "ham10000", "--accept-licence", "--json"), err.toString());
      var files = (List<?>) ((Map<?, ?>) Json.parse(out.toString())).get("files");
      assertEquals(2, files.size());
      assertEquals("3 images, unpacked into " + folder.resolve("images"), ((Map<?, ?>) files.get(0)).get("holds"));
      assertEquals("10015 rows", ((Map<?, ?>) files.get(1)).get("holds"));
      for (int i = 1; i <= 3; i++) {
        assertTrue(Files.exists(folder.resolve("images/ISIC_000000" + i + ".jpg")));
      }
      // an archive that is there, but is not what the listing says
      Files.write(folder.resolve("HAM10000_images_part_1.zip"), new byte[images.length]);
      assertEquals(1, download(server, "ham10000", "--accept-licence"));
      assertTrue(err.toString().contains("its MD5 is "), err.toString());
    }
  }

  private static Map<String, Object> entry(int id, String name, int size, String md5) {
    return Map.of("label", name, "dataFile", Map.of("id", id, "filename", name, "filesize", size, "md5", md5));
  }

  @Test
  void aListingThatIsNone() throws IOException {
    try (var server = new WaywardServer().with(
        "api/datasets/:persistentId/versions/:latest-published/files?persistentId=doi:10.7910/DVN/DBW86T",
        "{\"data\": []}".getBytes(StandardCharsets.UTF_8))) {
      assertEquals(1, download(server, "ham10000"));
      assertTrue(err.toString().contains("names no HAM10000_images"), err.toString());
    }
  }
}
