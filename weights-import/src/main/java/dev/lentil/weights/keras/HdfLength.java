package dev.lentil.weights.keras;

import dev.lentil.weights.store.WeightFileException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Whether an HDF5 file has the length that its first bytes announce, so that one that was cut off is told apart from
 * one that is damaged. Source: HDF5 file format specification 3.0, section II.A, "End of File Address".
 */
final class HdfLength {
  private static final int VERSION_AT = 8;
  private static final int LONGEST = 64;

  private HdfLength() {}

  /**
   * @throws WeightFileException if the file is cut off, or of a version that is not read
   */
  static void requireWhole(Path path, MemorySegment bytes) {
    long size = bytes.byteSize();
    if (size < LONGEST) {
      throw new WeightFileException(path, "this HDF5 file is cut off after " + size + " bytes; get it again");
    }
    byte[] start = bytes.asSlice(0, LONGEST).toArray(ValueLayout.JAVA_BYTE);
    int endAt = switch (start[VERSION_AT]) {
      case 0 -> 40;
      case 1 -> 44;
      case 2, 3 -> 28;
      default -> throw new WeightFileException(path, "this HDF5 file is damaged, or of version " + start[VERSION_AT]
          + ", which is not read; get it again");
    };
    // Addresses are of 8 bytes wherever files are written today; others are left to jHDF to judge.
    int addressBytes = start[start[VERSION_AT] < 2 ? 13 : 9];
    long end = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong(endAt);
    if (addressBytes == Long.BYTES && end > size) {
      throw new WeightFileException(path,
          "this HDF5 file is cut off: " + size + " of " + end + " bytes are there; get it again");
    }
  }
}
