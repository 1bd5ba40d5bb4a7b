package dev.lentil.ham10000.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import dev.lentil.mobilenetv2.image.Resize;
import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.testing.SharedData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  /** 16x16 pixels by Pillow 12.3.0, quadrants of no ink, magenta with yellow, cyan, and black. */
  private static final byte[] CMYK_JPEG = Base64.getDecoder().decode(
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBXQUZMTlJTUjI+WmFaUGBKUVJP/8AAFAgAEAAQBEMR"
          + "AE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAgAB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAOBEMATQBZAEsAAD8A05pzTmnIYhiQxE6TqJ1IYn//2Q==");

  @Test
  void baselineJpeg() {
    assertPicture(ImageDecoder.decode(TestImages.jpeg(45, 60, 1), "a.jpg"), 45, 60, 1);
  }

  @Test
  void progressiveJpeg() {
    var picture = TestImages.picture(45, 60, BufferedImage.TYPE_3BYTE_BGR, 2);
    var progressive = TestImages.jpeg(picture, ImageWriteParam.MODE_DEFAULT);
    assertTrue(IntStream.range(0, progressive.length - 1)
        .anyMatch(i -> progressive[i] == (byte) 0xFF && progressive[i + 1] == (byte) 0xC2));
    assertPicture(ImageDecoder.decode(progressive, "a.jpg"), 45, 60, 2);
  }

  private static void assertPicture(RgbImage image, int height, int width, int variant) {
    assertEquals(height, image.height());
    assertEquals(width, image.width());
    var picture = TestImages.picture(height, width, BufferedImage.TYPE_3BYTE_BGR, variant);
    int worst = 0;
    for (int i = 0; i < height * width; i++) {
      int pixel = picture.getRGB(i % width, i / width);
      worst = Math.max(worst, Math.abs((pixel >> 16 & 0xFF) - (image.rgb()[3 * i] & 0xFF)));
      worst = Math.max(worst, Math.abs((pixel >> 8 & 0xFF) - (image.rgb()[3 * i + 1] & 0xFF)));
      worst = Math.max(worst, Math.abs((pixel & 0xFF) - (image.rgb()[3 * i + 2] & 0xFF)));
    }
    assertTrue(worst < 16, "a level is off by " + worst);
  }

  @Test
  void pngIsExact() {
    for (int type : new int[] {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_4BYTE_ABGR}) {
      var picture = TestImages.picture(20, 30, type, 3);
      var image = ImageDecoder.decode(TestImages.png(picture), "a.png");
      for (int i = 0; i < 600; i++) {
        int pixel = picture.getRGB(i % 30, i / 30);
        assertEquals(pixel & 0xFFFFFF,
            (image.rgb()[3 * i] & 0xFF) << 16 | (image.rgb()[3 * i + 1] & 0xFF) << 8 | image.rgb()[3 * i + 2] & 0xFF);
      }
    }
  }

  @Test
  void palettePng() {
    var picture = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_INDEXED);
    picture.setRGB(3, 0, 0xFFFF3300);
    var image = ImageDecoder.decode(TestImages.png(picture), "a.png");
    assertArrayEquals(new byte[] {(byte) 255, 0x33, 0}, Arrays.copyOfRange(image.rgb(), 9, 12));
  }

  /** Every value of a sample, from black to white. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16})
  void greyPngOfEveryDepth(int bits) throws IOException {
    int width = Math.min(1 << bits, 256);
    var row = new byte[1 + Math.ceilDiv(width * bits, 8)];
    for (int x = 0; x < width; x++) {
      int bit = x * bits;
      // of 16 bits the upper eight
      row[1 + bit / 8] |= (byte) (bits == 16 ? x : x << 8 - bits - bit % 8);
    }
    var image = ImageDecoder.decode(TestImages.greyPng(width, bits, row), "grey.png");
    for (int i = 0; i < 3 * width; i++) {
      assertEquals(i / 3 * 255 / (width - 1), image.rgb()[i] & 0xFF);
    }
  }

  @Test
  void greyIsRepeatedInEveryChannelUnchanged() {
    var grey = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setPixels(0, 0, 16, 16, IntStream.range(0, 256).toArray());
    var png = ImageDecoder.decode(TestImages.png(grey), "grey.png");
    for (int i = 0; i < 256; i++) {
      assertEquals(i, png.rgb()[3 * i] & 0xFF);
      assertEquals(i, png.rgb()[3 * i + 1] & 0xFF);
      assertEquals(i, png.rgb()[3 * i + 2] & 0xFF);
    }
    var jpeg = ImageDecoder.decode(TestImages.jpeg(grey, ImageWriteParam.MODE_DISABLED), "grey.jpg");
    for (int i = 0; i < 256; i++) {
      assertEquals(i, jpeg.rgb()[3 * i + 2] & 0xFF, 16);
    }
  }

  @Test
  void sixteenBitGreyKeepsTheUpperByte() {
    var grey = new BufferedImage(16, 16, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setSample(2, 1, 0, 0xABCD);
    assertEquals((byte) 0xAB, ImageDecoder.decode(TestImages.png(grey), "grey.png").rgb()[(16 + 2) * 3]);
  }

  @Test
  void cmykIsConverted() {
    var image = ImageDecoder.decode(CMYK_JPEG, "print.jpg");
    var expected = new int[][] {{255, 255, 255}, {255, 0, 0}, {0, 255, 255}, {0, 0, 0}};
    for (int quadrant = 0; quadrant < 4; quadrant++) {
      int at = ((quadrant / 2 * 8 + 4) * 16 + quadrant % 2 * 8 + 4) * 3;
      System.out.println(
          "CMYK quadrant " + quadrant + ": " + (image.rgb()[at] & 0xFF) + " " + (image.rgb()[at + 1] & 0xFF) + " "
              + (image.rgb()[at + 2] & 0xFF));
      for (int c = 0; c < 3; c++) {
        assertEquals(expected[quadrant][c], image.rgb()[at + c] & 0xFF, 60, "quadrant " + quadrant + " channel " + c);
      }
    }
  }

  @Test
  void onePixel() {
    var image = ImageDecoder.decode(TestImages.jpeg(1, 1, 0), "dot.jpg");
    assertEquals(1, image.height());
    assertEquals(1, image.width());
    assertError("dot.jpg: the image is only 1x1 pixels; give one of at least 16x16",
        () -> ImageDecoder.decodeDermatoscopic(TestImages.jpeg(1, 1, 0), "dot.jpg"));
  }

  @Test
  void greyAndCmykAreNoDermatoscopicImages() {
    var grey =
        TestImages.jpeg(TestImages.picture(32, 32, BufferedImage.TYPE_BYTE_GRAY, 0), ImageWriteParam.MODE_DISABLED);
    assertError(
        "grey.jpg: the image is grey, but the network judges colour; give the original colour photograph as an RGB JPEG or PNG",
        () -> ImageDecoder.decodeDermatoscopic(grey, "grey.jpg"));
    var png = TestImages.png(TestImages.picture(32, 32, BufferedImage.TYPE_BYTE_GRAY, 0));
    assertError(
        "grey.png: the image is grey, but the network judges colour; give the original colour photograph as an RGB JPEG or PNG",
        () -> ImageDecoder.decodeDermatoscopic(png, "grey.png"));
    var colour = TestImages.png(TestImages.picture(16, 16, BufferedImage.TYPE_3BYTE_BGR, 0));
    assertEquals(16, ImageDecoder.decodeDermatoscopic(colour, "small.png").height());
    assertError("print.jpg: the image is CMYK (made for printing), whose colours are not the camera's; "
        + "give the original colour photograph as an RGB JPEG or PNG",
        () -> ImageDecoder.decodeDermatoscopic(CMYK_JPEG, "print.jpg"));
  }

  /** A file cut anywhere must never come back as an image. */
  @Test
  void truncatedJpeg() {
    var whole = TestImages.jpeg(40, 50, 1);
    for (int length = 3; length < whole.length - 1; length += 7) {
      var cut = Arrays.copyOf(whole, length);
      var message = assertThrows(UserError.class, () -> ImageDecoder.decode(cut, "cut.jpg")).getMessage();
      assertEquals("cut.jpg: the JPEG image is truncated (its end is missing after " + length
          + " bytes); download or export it again", message);
    }
  }

  /** The end marker is there but data before it is gone: the decoder only warns, and would fill the rest with grey. */
  @Test
  void jpegWithItsMiddleMissing() {
    var whole = TestImages.jpeg(120, 160, 1);
    var gap = Arrays.copyOf(whole, whole.length / 2 + 2);
    gap[gap.length - 2] = (byte) 0xFF;
    gap[gap.length - 1] = (byte) 0xD9;
    var message = assertThrows(UserError.class, () -> ImageDecoder.decode(gap, "gap.jpg")).getMessage();
    assertTrue(message.startsWith("gap.jpg: the image is broken ("), message);
  }

  /** What is between two restart markers is gone: all else is where it was, so the decoder goes on after a warning. */
  @Test
  void jpegWithRestartIntervalsMissing() {
    var picture = TestImages.picture(120, 160, BufferedImage.TYPE_3BYTE_BGR, 1);
    var whole = TestImages.jpeg(picture, ImageWriteParam.MODE_DISABLED, 5);
    assertPicture(ImageDecoder.decode(whole, "a.jpg"), 120, 160, 1);
    var markers = IntStream.range(0, whole.length - 1)
        .filter(i -> whole[i] == (byte) 0xFF && (whole[i + 1] & 0xF8) == 0xD0).toArray();
    assertBroken("found marker 0xd4 instead of RST3", without(whole, markers[3], markers[4]));
    assertBroken("found marker 0xd6 instead of RST3", without(whole, markers[3], markers[6]));
    assertBroken("found marker 0xd9 instead of RST", without(whole, markers[markers.length - 1], whole.length - 2));
    assertBroken("premature end of data segment", without(whole, markers[3] + 4, markers[4] - 4));
  }

  /** The decoder got out of step and had all blocks before the data were at their end. */
  @Test
  void jpegWithMoreDataThanBlocks() {
    var whole = TestImages.jpeg(120, 160, 1);
    var longer = Arrays.copyOf(whole, whole.length + 20);
    Arrays.fill(longer, whole.length - 2, longer.length, (byte) 0x55);
    longer[longer.length - 2] = (byte) 0xFF;
    longer[longer.length - 1] = (byte) 0xD9;
    assertBroken("extraneous bytes before marker 0xd9", longer);
  }

  @Test
  void progressiveJpegWithAScanMissing() {
    var picture = TestImages.picture(120, 160, BufferedImage.TYPE_3BYTE_BGR, 1);
    var whole = TestImages.jpeg(picture, ImageWriteParam.MODE_DEFAULT);
    var scans = IntStream.range(0, whole.length - 1)
        .filter(i -> whole[i] == (byte) 0xFF && whole[i + 1] == (byte) 0xDA).toArray();
    int end = scans[0] + 2;
    while (whole[end] != (byte) 0xFF || whole[end + 1] == 0) {
      end++;
    }
    assertBroken("Inconsistent progression sequence", without(whole, scans[0], end));
  }

  /** Some programs write zeros for what baseline data do not need, and any revision of the header. */
  @Test
  void whatIsOnlyUnusualIsRead() {
    var image = TestImages.jpeg(45, 60, 1);
    int scan = IntStream.range(0, image.length - 1)
        .filter(i -> image[i] == (byte) 0xFF && image[i + 1] == (byte) 0xDA).findFirst().orElseThrow();
    image[scan + 12] = 0;
    // the header's revision
    assertEquals('J', image[6]);
    image[11] = 2;
    assertPicture(ImageDecoder.decode(image, "a.jpg"), 45, 60, 1);
  }

  private static byte[] without(byte[] whole, int from, int to) {
    var rest = new byte[whole.length - (to - from)];
    System.arraycopy(whole, 0, rest, 0, from);
    System.arraycopy(whole, to, rest, from, whole.length - to);
    return rest;
  }

  private static void assertBroken(String why, byte[] image) {
    var message = assertThrows(UserError.class, () -> ImageDecoder.decode(image, "a.jpg"), why).getMessage();
    assertTrue(message.startsWith("a.jpg: the image is broken (") && message.contains(why), message);
  }

  @Test
  void truncatedPng() {
    var whole = TestImages.png(TestImages.picture(40, 50, BufferedImage.TYPE_3BYTE_BGR, 1));
    var cut = Arrays.copyOf(whole, whole.length / 2);
    var message = assertThrows(UserError.class, () -> ImageDecoder.decode(cut, "cut.png")).getMessage();
    assertTrue(message.startsWith("cut.png: the image is broken ("), message);
  }

  @Test
  void whatIsNoImage(@TempDir Path folder) throws IOException {
    assertError("a.jpg: neither a JPEG nor a PNG image; convert it to one of them",
        () -> ImageDecoder.decode("<html>".getBytes(StandardCharsets.UTF_8), "a.jpg"));
    var empty = Files.createFile(folder.resolve("empty.jpg"));
    assertError(empty + ": the file is empty; download or export it again", () -> ImageDecoder.decode(empty));
    var absent = folder.resolve("absent.jpg");
    assertError(absent + ": no such image; check the path", () -> ImageDecoder.decode(absent));
  }

  /** Eight test images, decoded and resized, against those that Pillow made: JPEG decoding included, every byte is the same. */
  @Test
  void sameBytesAsPillowOnRealImages() {
    try (var reference = SafetensorsFile.open(SharedData.require("reference/keras_224_features.safetensors"))) {
      var expected = reference.bytes("images_u8_nhwc");
      var ids = reference.metadata().get("image_ids").split(" ");
      int imageBytes = 224 * 224 * 3;
      int different = 0;
      int worst = 0;
      for (int i = 0; i < ids.length; i++) {
        var image = ImageDecoder.decodeDermatoscopic(SharedData.require("ham10000/images_200x150/" + ids[i] + ".jpg"));
        var rgb = Resize.BILINEAR.to(image, 224, 224).rgb();
        for (int k = 0; k < imageBytes; k++) {
          int difference = Math.abs((rgb[k] & 0xFF) - (expected[i * imageBytes + k] & 0xFF));
          worst = Math.max(worst, difference);
          different += difference == 0 ? 0 : 1;
        }
      }
      System.out.println("decoded and resized against Pillow: " + different + " of " + expected.length
          + " bytes differ, worst by " + worst);
      assertEquals(0, different);
    }
  }

  @Test
  void manyThreadsAtOnce() throws InterruptedException, ExecutionException {
    var files = IntStream.range(0, 8).mapToObj(i -> TestImages.jpeg(60, 80, i)).toList();
    var expected = files.stream().map(bytes -> ImageDecoder.decode(bytes, "a.jpg").rgb()).toList();
    try (var pool = Executors.newFixedThreadPool(4)) {
      var results = IntStream.range(0, 200)
          .mapToObj(i -> pool.submit(() -> ImageDecoder.decode(files.get(i % 8), "a.jpg").rgb())).toList();
      for (int i = 0; i < results.size(); i++) {
        assertArrayEquals(expected.get(i % 8), results.get(i).get());
      }
    }
  }

  private static void assertError(String message, Runnable action) {
    assertEquals(message, assertThrows(UserError.class, action::run).getMessage());
  }
}
