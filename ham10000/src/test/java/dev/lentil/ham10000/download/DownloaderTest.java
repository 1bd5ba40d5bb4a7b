package dev.lentil.ham10000.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Sha256;
import dev.lentil.testing.files.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloaderTest {
  private static final byte[] BYTES = new byte[100_000];

  static {
    new Random(1).nextBytes(BYTES);
  }

  @TempDir
  private Path folder;
  private WaywardServer server;
  private Downloader downloader;

  @BeforeEach
  void start() throws IOException {
    server = new WaywardServer().with("f", BYTES);
    downloader = new Downloader(Duration.ofMillis(1), Duration.ofSeconds(5));
  }

  @AfterEach
  void stop() {
    downloader.close();
    server.close();
  }

  private RemoteFile file() {
    return new RemoteFile("f", server.uri("f"), Optional.empty(), Optional.empty());
  }

  private RemoteFile checked() {
    return new RemoteFile("f", server.uri("f"), Optional.of((long) BYTES.length),
        Optional.of(new Checksum("SHA-256", Sha256.hex(BYTES))));
  }

  private void assertFetched(RemoteFile file) throws IOException {
    assertArrayEquals(BYTES, Files.readAllBytes(downloader.fetch(file, folder, _ -> {}, _ -> {})));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("f")), left.toList(), "nothing else is left");
    }
  }

  private String errorOf(RemoteFile file) {
    return assertThrows(UserError.class, () -> downloader.fetch(file, folder, _ -> {}, _ -> {})).getMessage();
  }

  @Test
  void aFileArrivesAndIsNotFetchedTwice() throws IOException {
    assertEquals(OptionalLong.of(BYTES.length), downloader.size(file()));
    assertFetched(checked());
    int requests = server.requests().size();
    assertFetched(checked());
    assertEquals(requests, server.requests().size());
  }

  @Test
  void aDroppedConnectionGoesOnWhereItBroke() throws IOException {
    server.droppingAfter(30_000, folder.resolve("f.part"));
    assertFetched(file());
    assertEquals(List.of("GET /f", "GET /f bytes=30000-", "GET /f bytes=60000-", "GET /f bytes=90000-"),
        server.requests());
  }

  /** What a program that was stopped left is used by the next. */
  @Test
  void aStoppedDownloadGoesOn() throws IOException {
    Files.write(folder.resolve("f.part"), Arrays.copyOf(BYTES, 40_000));
    Files.writeString(folder.resolve("f.part.etag"), "\"1\"");
    assertFetched(file());
    assertEquals(List.of("GET /f bytes=40000-"), server.requests());
  }

  @Test
  void aFileThatChangedMeanwhileIsFetchedAnew() throws IOException {
    Files.write(folder.resolve("f.part"), new byte[40_000]);
    Files.writeString(folder.resolve("f.part.etag"), "\"0\"");
    assertFetched(file());
    assertEquals(List.of("GET /f bytes=40000-"), server.requests(), "answered with the whole");
  }

  /** Without a tag or a check sum nothing would tell whether the rest belongs to the beginning. */
  @Test
  void aRestOfUnknownOriginIsNotUsed() throws IOException {
    Files.write(folder.resolve("f.part"), new byte[40_000]);
    assertFetched(file());
    assertEquals(List.of("GET /f"), server.requests());
    server.etag("W/\"weak\"").droppingAfter(60_000, folder.resolve("f.part"));
    Files.delete(folder.resolve("f"));
    assertTrue(errorOf(file()).contains("cannot be fetched"), "a weak tag cannot be relied on");
  }

  @Test
  void wrongBytesAreFoundAndNotKept() throws IOException {
    byte[] wrong = BYTES.clone();
    wrong[50_000] ^= 1;
    server.with("f", wrong);
    assertTrue(errorOf(checked()).contains("its SHA-256 is " + Sha256.hex(wrong) + ", but must be "));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
    server.with("f", BYTES);
    assertFetched(checked());
  }

  @Test
  void sizesThatAreNotTrueAreFound() throws IOException {
    // more is announced than comes, again and again
    server.announcingMore(7);
    assertTrue(errorOf(file()).contains("cannot be fetched"));
    assertTrue(server.requests().size() <= 2 * Downloader.TRIES, server.requests().toString());
    // if the last try brought all that there is, a file of known size would be complete
    Files.deleteIfExists(folder.resolve("f.part"));
    Files.deleteIfExists(folder.resolve("f.part.etag"));
    assertTrue(errorOf(checked()).contains("the server announces 100007 bytes, but the file has 100000"));
    // less is there than the listing said
    server.announcingMore(0).with("f", Arrays.copyOf(BYTES, 99_999));
    assertTrue(errorOf(checked()).contains("the server announces 99999 bytes"));
    assertFalse(Files.exists(folder.resolve("f")));
  }

  @Test
  void aBusyServerIsAskedAgain() throws IOException {
    server.failing(Downloader.TRIES - 1);
    assertFetched(file());
    server.failing(Downloader.TRIES);
    Files.delete(folder.resolve("f"));
    assertTrue(errorOf(file()).contains("the server answers 503"));
  }

  @Test
  void whatIsNotThereIsNotAskedForAgain() {
    RemoteFile none = new RemoteFile("n", server.uri("n"), Optional.empty(), Optional.empty());
    assertTrue(errorOf(none).contains("the server answers 404; check the address, or use --mirror"));
    assertEquals(OptionalLong.empty(), downloader.size(none));
    assertEquals(List.of("GET /n", "HEAD /n"), server.requests());
  }

  @Test
  void aDamagedFileThatIsThereIsNotReplacedUnasked() throws IOException {
    Files.write(folder.resolve("f"), new byte[3]);
    assertTrue(errorOf(checked()).contains("it has 3 bytes, but must have 100000; delete " + folder.resolve("f")
        + " to fetch it again"));
  }

  @Test
  void aSizeThatTheServerDoesNotTellIsUnknown() throws IOException {
    server.headless();
    assertEquals(OptionalLong.empty(), downloader.size(file()));
    assertFetched(file());
    try (var nobody = new Downloader(Duration.ofMillis(1), Duration.ofSeconds(5))) {
      server.close();
      assertEquals(OptionalLong.empty(), nobody.size(file()));
    }
  }

  @Test
  void aBodyThatStandsStillIsGivenUpAndGoneOnWith() throws IOException {
    downloader.close();
    downloader = new Downloader(Duration.ofMillis(1), Duration.ofMillis(500));
    server.stallingOnceAfter(30_000, folder.resolve("f.part"));
    assertFetched(file());
    assertEquals(List.of("GET /f", "GET /f bytes=30000-"), server.requests());
  }

  /** A hotel's page instead of the file: it never gets the file's name. */
  @Test
  void whatReadsAsSomethingElseIsNotKept() throws IOException {
    Downloader.Check check = there -> {
      throw new UserError(there + ": no weights");
    };
    String message =
        assertThrows(UserError.class, () -> downloader.fetch(file(), folder, check, _ -> {})).getMessage();
    assertTrue(message.contains("f.part: no weights") && message.contains("it is deleted, try again"), message);
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
    // one that was there before is the user's
    Files.write(folder.resolve("f"), BYTES);
    message = assertThrows(UserError.class, () -> downloader.fetch(file(), folder, check, _ -> {})).getMessage();
    assertTrue(message.endsWith("f: no weights; delete " + folder.resolve("f") + " to fetch it again"), message);
    assertTrue(Files.exists(folder.resolve("f")));
  }

  @Test
  void aDiskThatRefusesIsNotTakenForAConnection() throws IOException {
    Files.createDirectory(folder.resolve("f.part"));
    Files.createFile(folder.resolve("f.part/in the way"));
    String message = errorOf(checked());
    assertTrue(message.startsWith(folder.resolve("f.part") + ": cannot be written (")
        && message.contains("check the folder"), message);
    assertTrue(server.requests().size() <= 1, server.requests().toString());
    Path file = Files.createFile(folder.resolve("file"));
    message = assertThrows(UserError.class, () -> downloader.fetch(file(), file, _ -> {}, _ -> {})).getMessage();
    assertTrue(message.startsWith(file + ": nothing can be written into this folder"), message);

    var disk = new Disk(Files.createDirectory(folder.resolve("disk")));
    disk.leave(50_000);
    message = assertThrows(UserError.class, () -> downloader.fetch(file(), disk.path("d"), _ -> {}, _ -> {}))
        .getMessage();
    assertTrue(message.contains("f.part: there is no room for the 100000 bytes that are to come"), message);
  }

  @Test
  void oneFileIsFetchedByOneAtATime() throws IOException {
    try (var _ = PartFile.take(folder.resolve("f"))) {
      assertTrue(errorOf(file()).contains("another process is fetching this file; wait for it"));
      assertEquals(List.of(), server.requests());
    }
    assertFetched(file());
  }
}
