package dev.lentil.backend.cuda.nvrtc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compiled kernels in a folder, one file for each source, set of options and compiler. The name is a hash of all three, so
 * what changes is compiled again and nothing is ever out of date. A file that cannot be read or written costs time, no more.
 *
 * @param driver what the compiled code depends on besides: the driver's version
 */
public record KernelCache(Path folder, Nvrtc compiler, String driver) {
  /** The folder to use instead of {@code lentil/kernels} in the user's cache. */
  public static final String FOLDER_PROPERTY = "lentil.cuda.cache";

  private static final AtomicInteger TEMPORARY = new AtomicInteger();

  /** {@code $XDG_CACHE_HOME/lentil/kernels}, or {@code ~/.cache/lentil/kernels}. */
  public static Path defaultFolder() {
    return Optional.ofNullable(System.getProperty(FOLDER_PROPERTY)).map(Path::of)
        .orElseGet(() -> Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(home -> !home.isBlank())
            .map(Path::of).orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
            .resolve("lentil/kernels"));
  }

  /** The machine code of a source, compiled now or before. */
  public byte[] get(KernelSource source, List<String> options) {
    Path file = folder.resolve(source.name() + "-" + key(source, options) + ".cubin");
    try {
      if (Files.isRegularFile(file)) {
        return Files.readAllBytes(file);
      }
    } catch (IOException e) {
      log("cannot read " + file + ", so it is compiled again", e);
    }
    byte[] cubin = compiler.compile(source, options);
    try {
      Files.createDirectories(folder);
      // Beside its target, then moved: another process never sees half a file.
      Path half = folder.resolve(file.getFileName() + "." + ProcessHandle.current().pid() + "-"
          + TEMPORARY.incrementAndGet());
      Files.write(half, cubin);
      Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      log("cannot write " + file + ", so it will be compiled again next time", e);
    }
    return cubin;
  }

  private String key(KernelSource source, List<String> options) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, compiler.version());
      add(digest, driver);
      options.forEach(option -> add(digest, option));
      source.headers().forEach((name, text) -> {
        add(digest, name);
        add(digest, text);
      });
      add(digest, source.text());
      return HexFormat.of().formatHex(digest.digest(), 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  private static void log(String message, IOException e) {
    System.getLogger("dev.lentil").log(System.Logger.Level.WARNING, message + ": " + e);
  }
}
