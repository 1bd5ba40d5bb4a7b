package dev.lentil.ham10000.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.image.ImageDecoder;
import dev.lentil.ham10000.image.TestImages;
import dev.lentil.mobilenetv2.image.Resize;
import dev.lentil.testing.files.Disk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCacheTest {
  private static final int COUNT = 20;
  private static final ImageCacheWriter.Progress QUIET = (done, total) -> {};

  @TempDir
  Path folder;
  private ImageIndex images;
  private Path target;
  private Path part;

  @BeforeEach
  void writeImages() throws IOException {
    TestDataset.write(folder, COUNT);
    images = ImageIndex.of(List.of(folder.resolve("images")));
    target = folder.resolve("cache/images.cache");
    part = folder.resolve("cache/images.cache.part");
  }

  private ImageCacheWriter.Result write(ImageCacheWriter.Progress progress) {
    return ImageCacheWriter.write(target, images, TestDataset.ids(COUNT), 24, 32, Resize.BILINEAR, 3, progress);
  }

  @Test
  void holdsEveryImageResized() {
    assertEquals(new ImageCacheWriter.Result(target, COUNT, 0), write(QUIET));
    assertFalse(Files.exists(part));
    try (var cache = ImageCache.open(target)) {
      assertEquals(TestDataset.ids(COUNT), cache.imageIds());
      assertEquals(24, cache.height());
      assertEquals(32, cache.width());
      assertEquals(Resize.BILINEAR, cache.resize());
      assertTrue(cache.isMadeFrom(images, TestDataset.ids(COUNT)));
      assertHoldsImages(cache);
    }
  }

  private void assertHoldsImages(ImageCache cache) {
    var rgb = new byte[24 * 32 * 3];
    for (int i = 0; i < COUNT; i++) {
      var id = TestDataset.id(i);
      cache.copy(cache.indexOf(id), rgb);
      assertArrayEquals(Resize.BILINEAR.to(ImageDecoder.decode(images.files().get(id)), 24, 32).rgb(), rgb, id);
    }
  }

  /** Interpreted and compiled: compiled code meets the fault later than it happens. */
  @Test
  void aCacheThatIsCutOffWhileItIsOpenIsDamaged() throws IOException {
    write(QUIET);
    try (var cache = ImageCache.open(target)) {
      var rgb = new byte[24 * 32 * 3];
      for (int i = 0; i < 20_000; i++) {
        cache.copy(i % COUNT, rgb);
      }
      try (var channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
        channel.truncate(4096);
      }
      for (int i = 0; i < 2_000; i++) {
        int last = COUNT - 1 - i % 2;
        String message = assertThrows(UserError.class, () -> cache.copy(last, rgb)).getMessage();
        assertTrue(message.startsWith(target + ": the image cache is damaged (it was cut off"), message);
        assertThrows(UserError.class, () -> cache.checksum(last));
      }
    }
  }

  @Test
  void aFileInPlaceOfTheFolderIsNamed() throws IOException {
    Files.createFile(target.getParent());
    String message = assertThrows(UserError.class, () -> write(QUIET)).getMessage();
    assertTrue(message.startsWith(target.getParent() + ": is a file") && message.contains("name another folder"),
        message);
  }

  @Test
  void aFinishedCacheIsLeftAlone() throws IOException {
    write(QUIET);
    var time = Files.getLastModifiedTime(target);
    assertEquals(new ImageCacheWriter.Result(target, 0, COUNT), write(QUIET));
    assertEquals(time, Files.getLastModifiedTime(target));
  }

  /** Stopped after any number of images, the next run makes only the others. */
  @Test
  void goesOnAfterAnInterruption() {
    for (int stopAfter : new int[] {1, 7, 19}) {
      assertThrows(IllegalStateException.class,
          () -> ImageCacheWriter.write(target, images, TestDataset.ids(COUNT), 24, 32, Resize.BILINEAR, 1,
              (done, total) -> {
                if (done == stopAfter) {
                  throw new IllegalStateException("stopped");
                }
              }));
      assertFalse(Files.exists(target));
      var result = write(QUIET);
      assertEquals(stopAfter, result.kept());
      assertEquals(COUNT - stopAfter, result.made());
      try (var cache = ImageCache.open(target)) {
        assertHoldsImages(cache);
      }
      assertTrue(target.toFile().delete());
    }
  }

  /** A record that was being written when the power went has a mark without its pixels, or pixels without a mark. */
  @Test
  void tornRecordsAreMadeAgain() throws IOException {
    write(QUIET);
    Files.move(target, part);
    var header = CacheHeader.read(part);
    try (var file = new RandomAccessFile(part.toFile(), "rw")) {
      file.seek(header.records().record(3) + 100);
      file.write(new byte[header.records().bytes() / 2]);
      file.seek(header.records().mark(11));
      file.write(new byte[8]);
    }
    assertEquals(new ImageCacheWriter.Result(target, 2, COUNT - 2), write(QUIET));
    try (var cache = ImageCache.open(target)) {
      assertHoldsImages(cache);
    }
  }

  @Test
  void aPartFileOfAnythingElseIsNotUsed() throws IOException {
    Files.createDirectories(part.getParent());
    for (var content : new byte[][] {{}, {1, 2, 3}, new byte[100_000]}) {
      Files.write(part, content);
      assertEquals(COUNT, write(QUIET).made());
      Files.delete(target);
    }
    // the same images in another size
    ImageCacheWriter.write(target, images, TestDataset.ids(COUNT), 32, 24, Resize.BILINEAR, 2, QUIET);
    Files.move(target, part);
    assertEquals(COUNT, write(QUIET).made());
  }

  @Test
  void twoWritersDoTheWorkOnce() throws Exception {
    try (var pool = Executors.newFixedThreadPool(2)) {
      var both = twoWriters(pool, () -> {}, () -> {
        throw new AssertionError("nothing is left to make");
      });
      assertEquals(new ImageCacheWriter.Result(target, COUNT, 0), both.getFirst().get());
      assertEquals(new ImageCacheWriter.Result(target, 0, COUNT), both.getLast().get());
    }
  }

  @Test
  void whoWaitedGoesOnWhereTheOtherFailed() throws Exception {
    try (var pool = Executors.newFixedThreadPool(2)) {
      var both = twoWriters(pool, () -> {
        throw new UserError("the first gives up");
      }, () -> {});
      assertEquals("the first gives up",
          assertThrows(ExecutionException.class, both.getFirst()::get).getCause().getMessage());
      var result = both.getLast().get();
      assertEquals(COUNT, result.made() + result.kept());
      assertTrue(result.kept() > 0 && result.made() > 0, result.toString());
    }
    try (var cache = ImageCache.open(target)) {
      assertHoldsImages(cache);
    }
  }

  /** Two at once: the first is held up in its first images until the second says that it waits. Each runs its task at an image. */
  private List<Future<ImageCacheWriter.Result>> twoWriters(ExecutorService pool, Runnable first, Runnable second) {
    var begun = new CountDownLatch(1);
    var waiting = new CountDownLatch(1);
    var one = pool.submit(() -> write((done, total) -> {
      begun.countDown();
      await(waiting);
      first.run();
    }));
    await(begun);
    var two = pool.submit(() -> write(new ImageCacheWriter.Progress() {
      @Override
      public void images(int done, int total) {
        second.run();
      }

      @Override
      public void waiting(String line) {
        assertEquals("Another process is writing the image cache " + target + "; waiting for it", line);
        waiting.countDown();
      }
    }));
    return List.of(one, two);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(1, TimeUnit.MINUTES));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void staleCacheIsNoticedAndReplaced() throws IOException {
    write(QUIET);
    Files.write(folder.resolve("images/" + TestDataset.id(4) + ".jpg"), TestImages.jpeg(33, 44, 99));
    try (var cache = ImageCache.open(target)) {
      assertFalse(cache.isMadeFrom(images, TestDataset.ids(COUNT)));
    }
    assertEquals(COUNT, write(QUIET).made());
    try (var cache = ImageCache.open(target)) {
      assertTrue(cache.isMadeFrom(images, TestDataset.ids(COUNT)));
      assertHoldsImages(cache);
    }
  }

  /** Also where a part file is there: it has its full size, but not yet the room for it. */
  @Test
  void theDiskMustHaveRoomForWhatIsNotWrittenYet() throws IOException {
    var disk = new Disk(Files.createDirectories(folder.resolve("disk")));
    var place = disk.path("images.cache");
    int recordBytes = 24 * 32 * 3;
    for (int kept : new int[] {0, 7}) {
      disk.leave((COUNT - kept) * recordBytes - 1);
      var message = assertThrows(UserError.class, () -> writeAt(place, QUIET)).getMessage();
      assertTrue(message.startsWith(place + ": the image cache needs ") && message.contains("make room"), message);
      disk.mend();
      if (kept == 0) {
        assertThrows(IllegalStateException.class, () -> writeAt(place, (done, total) -> {
          if (done == 7) {
            throw new IllegalStateException("stopped");
          }
        }));
      }
    }
    disk.leave((COUNT - 7) * recordBytes);
    assertEquals(7, writeAt(place, QUIET).kept());
  }

  private ImageCacheWriter.Result writeAt(Path place, ImageCacheWriter.Progress progress) {
    return ImageCacheWriter.write(place, images, TestDataset.ids(COUNT), 24, 32, Resize.BILINEAR, 1, progress);
  }

  /** A page that the disk does not take ends the program's access to it; here the part file loses its pages instead. */
  @Test
  void aDiskThatBecomesFullIsSaid() {
    var message = assertThrows(UserError.class, () -> writeAt(target, (done, total) -> {
      try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.truncate(4096);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    })).getMessage();
    assertTrue(
        message.startsWith(target + ": the image cache cannot be written (the disk is full, or fails); it needs ")
            && message.contains("make room"),
        message);
  }

  @Test
  void brokenImagesAreNamedAndTheRestIsKept() throws IOException {
    var first = folder.resolve("images/" + TestDataset.id(3) + ".jpg");
    var second = folder.resolve("images/" + TestDataset.id(8) + ".jpg");
    var good = Files.readAllBytes(first);
    Files.write(first, Arrays.copyOf(good, good.length - 40));
    Files.write(second, Arrays.copyOf(good, 90));
    var message = assertThrows(UserError.class, () -> write(QUIET)).getMessage();
    assertTrue(message.startsWith(first + ": the JPEG image is truncated"), message);
    assertTrue(message.endsWith("(and 1 more broken images; 'verify' lists them all)"), message);
    assertFalse(Files.exists(target));
  }

  @Test
  void damageIsNoticed() throws IOException {
    assertMessage("no such image cache; make it with 'prepare'");
    write(QUIET);
    var whole = Files.readAllBytes(target);
    Files.write(target, Arrays.copyOf(whole, whole.length - 1));
    assertMessage("the image cache is damaged (it has " + (whole.length - 1) + " bytes instead of " + whole.length
        + "); delete the file and run 'prepare'");
    Files.write(target, Arrays.copyOf(whole, 30));
    assertMessage("the image cache is damaged (it ends inside its header); delete the file and run 'prepare'");
    var changed = whole.clone();
    changed[60] ^= 1;
    Files.write(target, changed);
    assertMessage("the image cache is damaged (its header's checksum is wrong); delete the file and run 'prepare'");
    Files.write(target, new byte[100]);
    assertMessage(
        "the image cache is damaged (it does not begin like an image cache); delete the file and run 'prepare'");

    changed = whole.clone();
    changed[(int) CacheHeader.read(Files.write(target, whole)).records().start() + 5] ^= 1;
    Files.write(target, changed);
    try (var cache = ImageCache.open(target)) {
      assertEquals(target + ": the image cache is damaged (the checksum of image " + TestDataset.id(0)
          + " is wrong); delete the file and run 'prepare'",
          assertThrows(UserError.class, () -> cache.copy(0, new byte[24 * 32 * 3])).getMessage());
      cache.copy(1, new byte[24 * 32 * 3]);
      assertTrue(
          assertThrows(UserError.class, () -> cache.indexOf("other")).getMessage().contains("has no image other"));
    }
    assertEquals(COUNT, write(QUIET).made(), "a damaged cache is made again");
  }

  @Test
  void progressReachesTheTotal() {
    var seen = new int[COUNT + 1];
    write((done, total) -> {
      assertEquals(COUNT, total);
      seen[done]++;
    });
    for (int i = 1; i <= COUNT; i++) {
      assertEquals(1, seen[i]);
    }
  }

  private void assertMessage(String message) {
    assertEquals(target + ": " + message, assertThrows(UserError.class, () -> ImageCache.open(target)).getMessage());
  }
}
