package dev.lentil.backend.cuda.nvrtc;

import dev.lentil.backend.BackendException;
import dev.lentil.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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

  /** {@code $XDG_CACHE_HOME/lentil/kernels}, or {@code ~/.cache/lentil/kernels}. */
  public static Path defaultFolder() {
    return Optional.ofNullable(System.getProperty(FOLDER_PROPERTY)).map(Path::of)
        .orElseGet(() -> Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(home -> !home.isBlank())
            .map(Path::of).orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
            .resolve("lentil/kernels"));
  }

  /**
   * Loads the machine code of a source, compiled now or before. If what was compiled before is refused, it is compiled again
   * and its file replaced.
   *
   * @param loading what the driver makes of the code; refuses it with a {@link BackendException}
   */
  public <T> T load(KernelSource source, List<String> options, Function<byte[], T> loading) {
    Path file = folder.resolve(source.name() + "-" + key(source, options) + ".cubin");
    Optional<byte[]> kept = read(file);
    if (kept.isPresent()) {
      try {
        return loading.apply(kept.get());
      } catch (BackendException e) {
        log("the driver refuses " + file + ", so it is compiled again", e);
      }
    }
    byte[] cubin = compiler.compile(source, options);
    try {
      AtomicFile.write(file, cubin);
    } catch (IOException e) {
      log("what was compiled is not kept, so it will be compiled again next time", e);
    }
    return loading.apply(cubin);
  }

  /** Nothing if there is no such file, or nothing in it, as after a crash of the machine. */
  private static Optional<byte[]> read(Path file) {
    try {
      return Files.isRegularFile(file)
          ? Optional.of(Files.readAllBytes(file)).filter(bytes -> bytes.length > 0)
          : Optional.empty();
    } catch (IOException e) {
      log("cannot read " + file + ", so it is compiled again", e);
      return Optional.empty();
    }
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

  private static void log(String message, Exception e) {
    System.getLogger("dev.lentil").log(System.Logger.Level.WARNING, message + ": " + e);
  }
}
