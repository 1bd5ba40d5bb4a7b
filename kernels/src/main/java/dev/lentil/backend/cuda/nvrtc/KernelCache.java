package dev.lentil.backend.cuda.nvrtc;

import dev.lentil.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Compiled kernels in a folder, one file for each source, set of options and compiler. The name is a hash of all three, so
 * what changes is compiled again and nothing is ever out of date. A file that cannot be read or written, or that is damaged, costs
 * time, no more.
 *
 * @param driver what the compiled code depends on besides: the driver's version
 */
public record KernelCache(Path folder, Nvrtc compiler, String driver) {
  /** The folder to use instead of {@code lentil/kernels} in the user's cache. */
  public static final String FOLDER_PROPERTY = "lentil.cuda.cache";

  /** Bytes at the end of a file: the SHA-256 of those before them. */
  private static final int CHECKSUM = 32;

  /** {@code $XDG_CACHE_HOME/lentil/kernels}, or {@code ~/.cache/lentil/kernels}. */
  public static Path defaultFolder() {
    return Optional.ofNullable(System.getProperty(FOLDER_PROPERTY)).map(Path::of)
        .orElseGet(() -> Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(home -> !home.isBlank())
            .map(Path::of).orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
            .resolve("lentil/kernels"));
  }

  /** Gives the machine code of a source, compiled now or before. */
  public byte[] get(KernelSource source, List<String> options) {
    Path file = folder.resolve(source.name() + "-" + key(source, options) + ".cubin");
    Optional<byte[]> kept = read(file);
    if (kept.isPresent()) {
      return kept.get();
    }
    byte[] cubin = compiler.compile(source, options);
    try {
      AtomicFile.write(file, ByteBuffer.allocate(cubin.length + CHECKSUM).put(cubin).put(checksum(cubin)).array());
    } catch (IOException e) {
      log("what was compiled is not kept, so it will be compiled again next time: " + e);
    }
    return cubin;
  }

  /** Nothing if there is no such file, or it is not what was written: a driver given damaged code may do anything. */
  private static Optional<byte[]> read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(file);
      int length = Math.max(0, bytes.length - CHECKSUM);
      byte[] cubin = Arrays.copyOf(bytes, length);
      if (Arrays.equals(checksum(cubin), Arrays.copyOfRange(bytes, length, bytes.length))) {
        return Optional.of(cubin);
      }
      log(file + " is damaged, so it is compiled again");
    } catch (IOException e) {
      log("cannot read " + file + ", so it is compiled again: " + e);
    }
    return Optional.empty();
  }

  private String key(KernelSource source, List<String> options) {
    MessageDigest digest = sha256();
    // Files that earlier builds wrote have none, and are not damaged.
    add(digest, "with a checksum");
    add(digest, compiler.version());
    add(digest, driver);
    options.forEach(option -> add(digest, option));
    source.headers().forEach((name, text) -> {
      add(digest, name);
      add(digest, text);
    });
    add(digest, source.text());
    return HexFormat.of().formatHex(digest.digest(), 0, 12);
  }

  private static byte[] checksum(byte[] cubin) {
    return sha256().digest(cubin);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  private static void log(String message) {
    System.getLogger("dev.lentil").log(System.Logger.Level.WARNING, message);
  }
}
