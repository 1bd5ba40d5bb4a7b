package dev.lentil.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What is often found in a file's place after a download. */
public final class WrongDownload {
  private static final int BEGINNING = 64;
  /** Source: the specification of Git LFS, "The Pointer". */
  private static final String LFS_POINTER = "version https://git-lfs.github.com/spec/";

  private WrongDownload() {}

  /** What bytes are instead of weights, with the remedy, to follow a file's name; empty if they are none of these. */
  public static Optional<String> of(MemorySegment bytes) {
    byte[] first = bytes.asSlice(0, Math.min(BEGINNING, bytes.byteSize())).toArray(ValueLayout.JAVA_BYTE);
    String text = new String(first, StandardCharsets.ISO_8859_1).stripLeading();
    if (text.startsWith(LFS_POINTER)) {
      return Optional.of("is a pointer of Git LFS and not the file itself; fetch that with 'git lfs pull'");
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return Optional.of("is a web page and not the file itself; download it from the address of the file");
    }
    return Optional.empty();
  }
}
