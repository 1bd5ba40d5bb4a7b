package dev.lentil.ham10000.data;

/**
 * Where the records of an image cache file lie, see {@link CacheHeader}. Calculated once, since the header has to be written out for it.
 *
 * @param start of the first record, in bytes from the start of the file
 * @param bytes of one record
 */
record CacheRecords(long start, int bytes, int count) {
  /** The position of an image. */
  long record(int index) {
    return start + (long) index * bytes;
  }

  /** The position of an image's mark. It is a multiple of 4096 plus records, so marks are accessed unaligned. */
  long mark(int index) {
    return record(count) + 8L * index;
  }

  long fileBytes() {
    return mark(count);
  }
}
