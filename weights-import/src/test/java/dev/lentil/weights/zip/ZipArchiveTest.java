package dev.lentil.weights.zip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.weights.store.WeightFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class ZipArchiveTest {
  private static final Path FILE = Path.of("x.zip");
  private static final byte[] CONTENT = "some text, some text, some text".getBytes();

  private static byte[] zip(byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.setComment("a comment with PK in it");
      zip.putNextEntry(new ZipEntry("folder/"));
      zip.closeEntry();
      zip.putNextEntry(new ZipEntry("folder/deflated"));
      zip.write(content);
      zip.closeEntry();
      var stored = new ZipEntry("stored");
      stored.setMethod(ZipEntry.STORED);
      stored.setSize(content.length);
      var crc = new CRC32();
      crc.update(content);
      stored.setCrc(crc.getValue());
      zip.putNextEntry(stored);
      zip.write(content);
      zip.closeEntry();
    }
    return bytes.toByteArray();
  }

  private static ZipArchive open(byte[] bytes) {
    return ZipArchive.of(FILE, MemorySegment.ofArray(bytes));
  }

  private static String errorOf(Runnable action) {
    String message = assertThrows(WeightFileException.class, action::run).getMessage();
    assertTrue(message.startsWith("x.zip: "), message);
    return message;
  }

  @Test
  void storedAndDeflatedEntries() throws IOException {
    byte[] bytes = zip(CONTENT);
    ZipArchive archive = open(bytes);
    assertEquals(List.of("folder/deflated", "stored"),
        StreamSupport.stream(archive.names().spliterator(), false).toList());
    assertArrayEquals(CONTENT, archive.get("folder/deflated").toArray(ValueLayout.JAVA_BYTE));
    assertArrayEquals(CONTENT, archive.get("stored").toArray(ValueLayout.JAVA_BYTE));
    assertTrue(archive.get("stored").heapBase().orElseThrow() == bytes, "stored bytes are not copied");
    assertEquals(Optional.empty(), archive.find("folder/"));
    assertTrue(errorOf(() -> archive.get("none")).contains("no entry 'none'"));
  }

  /**
   * What a file of 2^32 bytes needs, on a small one: the sizes stand in an extra field, here behind the one of times
   * that the program zip writes, the offsets in a second end.
   */
  @Test
  void zip64() throws IOException {
    byte[] name = "a".getBytes();
    var crc = new CRC32();
    crc.update(CONTENT);
    int header = 30 + name.length;
    int directory = header + CONTENT.length;
    ByteBuffer zip = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    zip.putInt(0x04034b50).putShort((short) 45).putShort((short) 0).putShort((short) 0).putInt(0)
        .putInt((int) crc.getValue()).putInt(-1).putInt(-1).putShort((short) 1).putShort((short) 0).put(name)
        .put(CONTENT);
    zip.putInt(0x02014b50).putInt(0).putShort((short) 0).putShort((short) 0).putInt(0).putInt((int) crc.getValue())
        .putInt(-1).putInt(-1).putShort((short) 1).putShort((short) 37).putShort((short) 0).putInt(0).putInt(0)
        .putInt(-1).put(name).putShort((short) 0x5455).putShort((short) 5).put(new byte[5])
        .putShort((short) 1).putShort((short) 24).putLong(CONTENT.length).putLong(CONTENT.length)
        .putLong(0);
    int end = zip.position();
    zip.putInt(0x06064b50).putLong(44).putInt(0).putInt(0).putInt(0).putLong(1).putLong(1).putLong(end - directory)
        .putLong(directory);
    zip.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    zip.putInt(0x06054b50).putInt(0).putShort((short) -1).putShort((short) -1).putInt(-1).putInt(-1)
        .putShort((short) 0);
    ZipArchive archive = open(Arrays.copyOf(zip.array(), zip.position()));
    assertArrayEquals(CONTENT, archive.get("a").toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void damageIsFound() throws IOException {
    byte[] whole = zip(CONTENT);
    assertTrue(errorOf(() -> open(Arrays.copyOf(whole, whole.length - 1))).contains("cut off"));
    assertTrue(errorOf(() -> open(new byte[] {'P', 'K'})).contains("cut off"));
    int stored = new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf("some text, some");
    byte[] flipped = whole.clone();
    flipped[stored] ^= 1;
    assertTrue(errorOf(() -> open(flipped).get("stored")).contains("check sum"));
    assertArrayEquals(CONTENT, open(flipped).get("folder/deflated").toArray(ValueLayout.JAVA_BYTE));
    int deflated =
        new String(whole, StandardCharsets.ISO_8859_1).indexOf("folder/deflated") + "folder/deflated".length();
    for (int i = 0; i < 8; i++) {
      byte[] other = whole.clone();
      other[deflated + i] ^= 0x55;
      errorOf(() -> open(other).get("folder/deflated"));
    }
  }

  /** 300 KB that would become 300 MB. */
  @Test
  void aBombIsNotInflated() throws IOException {
    byte[] bomb = zip(new byte[(int) ZipArchive.MAX_INFLATED + 1]);
    assertTrue(errorOf(() -> open(bomb).get("folder/deflated")).contains("at most 100000000 are read"));
    // nor two halves of it, here one that is asked for twice
    ZipArchive half = open(zip(new byte[(int) ZipArchive.MAX_INFLATED / 2 + 1]));
    half.get("folder/deflated");
    assertTrue(errorOf(() -> half.get("folder/deflated")).contains("at most 100000000 are read"));
  }
}
