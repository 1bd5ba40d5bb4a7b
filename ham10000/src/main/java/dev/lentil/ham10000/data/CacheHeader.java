package dev.lentil.ham10000.data;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.image.Resize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an image cache file holds, and where.
 *
 * <pre>
 * 0         8 bytes "LENTILIC"
 * 8         int32 length of the JSON text (all numbers little-endian)
 * 12        32 bytes SHA-256 of the JSON text
 * 44        the JSON text: format, height, width, resize, sources, image_ids
 * records   at the next multiple of 4096: count * height * width * 3 bytes
 * marks     count * int64: upper half 0x4C4E544C once the record is written, lower half its CRC32C
 * </pre>
 *
 * @param sources SHA-256 over image_id, file name and size of every source file, in order: what makes a cache stale
 * @param imageIds by record number
 */
record CacheHeader(int height, int width, Resize resize, String sources, List<String> imageIds) {
  static final int FORMAT = 1;
  static final long WRITTEN = 0x4C4E544CL << 32;

  private static final byte[] MAGIC = "LENTILIC".getBytes(StandardCharsets.US_ASCII);
  private static final int FIXED = 44;
  private static final int PAGE = 4096;
  private static final int MOST_JSON = 64 << 20;

  CacheHeader {
    imageIds = List.copyOf(imageIds);
  }

  static CacheHeader of(int height, int width, Resize resize, List<String> imageIds, List<Path> files) {
    var text = new StringBuilder();
    for (int i = 0; i < files.size(); i++) {
      try {
        text.append(imageIds.get(i)).append('\t').append(files.get(i).getFileName()).append('\t')
            .append(Files.size(files.get(i))).append('\n');
      } catch (IOException e) {
        throw new UserError(
            files.get(i) + ": the image cannot be read (" + Reason.of(e) + "); check the path and its permissions",
            e);
      }
    }
    return new CacheHeader(height, width, resize, Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8)),
        imageIds);
  }

  CacheRecords records() {
    return records(json());
  }

  private CacheRecords records(byte[] json) {
    return new CacheRecords(Math.ceilDiv((long) FIXED + json.length, PAGE) * PAGE, height * width * 3, imageIds.size());
  }

  private byte[] json() {
    var map = new LinkedHashMap<String, Object>();
    map.put("format", FORMAT);
    map.put("height", height);
    map.put("width", width);
    map.put("resize", resize.toString());
    map.put("sources", sources);
    map.put("image_ids", imageIds);
    return Json.compact(map).getBytes(StandardCharsets.UTF_8);
  }

  /** The bytes in front of the records, padding included. */
  byte[] bytes() {
    var json = json();
    var buffer = ByteBuffer.allocate((int) records(json).start()).order(ByteOrder.LITTLE_ENDIAN);
    return buffer.put(MAGIC).putInt(json.length).put(HexFormat.of().parseHex(Sha256.hex(json))).put(json).array();
  }

  /** Reads and checks the header of a whole file. */
  static CacheHeader read(FileChannel channel, Path file) throws IOException {
    var fixed = read(channel, file, 0, FIXED);
    if (!Arrays.equals(MAGIC, Arrays.copyOf(fixed.array(), MAGIC.length))) {
      throw damaged(file, "it does not begin like an image cache");
    }
    int length = fixed.getInt(MAGIC.length);
    if (length < 2 || length > MOST_JSON) {
      throw damaged(file, "its header is " + length + " bytes long");
    }
    var json = read(channel, file, FIXED, length).array();
    if (!HexFormat.of().formatHex(fixed.array(), 12, FIXED).equals(Sha256.hex(json))) {
      throw damaged(file, "its header's checksum is wrong");
    }
    return fromJson(json, file);
  }

  /** @param json whose checksum was right, so that it is what some version of this program wrote */
  private static CacheHeader fromJson(byte[] json, Path file) {
    var map = (Map<?, ?>) Json.parse(json);
    if (!map.get("format").equals((long) FORMAT)) {
      throw damaged(file, "its format is " + map.get("format") + ", this program reads " + FORMAT);
    }
    var resize = (String) map.get("resize");
    return new CacheHeader(Math.toIntExact((Long) map.get("height")), Math.toIntExact((Long) map.get("width")),
        Resize.named(resize).orElseThrow(() -> damaged(file, "its header says resize " + resize)),
        (String) map.get("sources"), ((List<?>) map.get("image_ids")).stream().map(String.class::cast).toList());
  }

  private static ByteBuffer read(FileChannel channel, Path file, long position, int length) throws IOException {
    var buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw damaged(file, "it ends inside its header");
      }
    }
    return buffer.flip();
  }

  static UserError damaged(Path file, String why) {
    return new UserError(file + ": the image cache is damaged (" + why + "); delete the file and run 'prepare'");
  }

  /** The header of a file that must exist. */
  static CacheHeader read(Path file) {
    try (var channel = FileChannel.open(file)) {
      return read(channel, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
