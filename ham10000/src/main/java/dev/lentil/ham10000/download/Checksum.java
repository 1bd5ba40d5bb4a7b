package dev.lentil.ham10000.download;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A digest of a file's bytes.
 *
 * @param algorithm as Java calls it: {@code SHA-256}, {@code MD5}
 * @param hex in lower case
 */
public record Checksum(String algorithm, String hex) {
  private static final int CHUNK = 1 << 16;

  /**
   * @throws IllegalArgumentException if Java has no such algorithm, or the text is not a digest of its length
   */
  public Checksum {
    hex = hex.toLowerCase(Locale.ROOT);
    int length = 2 * digest(algorithm).getDigestLength();
    if (hex.length() != length || !hex.matches("[0-9a-f]*")) {
      throw new IllegalArgumentException(
          "'" + hex + "' is no " + algorithm + " check sum, which has " + length + " hexadecimal digits");
    }
  }

  /** That of a file. */
  public static Checksum of(Path file, String algorithm) throws IOException {
    MessageDigest digest = digest(algorithm);
    try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
      var buffer = new byte[CHUNK];
      while (in.read(buffer) >= 0) {
        // reading feeds the digest
      }
    }
    return new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("there is no check sum " + algorithm, e);
    }
  }
}
