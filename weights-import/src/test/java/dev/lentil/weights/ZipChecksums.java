package dev.lentil.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The places in a zip archive where check sums of stored entries stand, and what they are of.
 */
record ZipChecksums(List<Entry> entries) {
  /**
   * An entry.
   *
   * @param sum where its check sum stands in the directory
   * @param from where its bytes begin
   */
  record Entry(int sum, int from, int length) {}

  /** Those of an archive; none of any other file. */
  static ZipChecksums of(byte[] archive) {
    var entries = new ArrayList<Entry>();
    ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getShort(0) == 0x4b50) {
      for (int at = 0; at + 46 <= archive.length; at++) {
        if (bytes.getInt(at) == 0x02014b50 && bytes.getShort(at + 10) == 0) {
          int header = bytes.getInt(at + 42);
          int from = header + 30 + bytes.getShort(header + 26) + bytes.getShort(header + 28);
          entries.add(new Entry(at + 16, from, bytes.getInt(at + 20)));
        }
      }
    }
    return new ZipChecksums(entries);
  }

  /** Makes the check sums those of the bytes. */
  void correct(byte[] archive) {
    ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    for (Entry entry : entries) {
      var crc = new CRC32();
      crc.update(archive, entry.from, entry.length);
      bytes.putInt(entry.sum, (int) crc.getValue());
    }
  }
}
