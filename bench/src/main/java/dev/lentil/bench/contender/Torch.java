package dev.lentil.bench.contender;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.Optional;

/**
 * PyTorch in this process, through DJL. Its native libraries are unpacked once into the user's cache folder; nothing is
 * downloaded and nobody is called.
 */
final class Torch {
  private static final Engine ENGINE = start();

  private Torch() {}

  private static Engine start() {
    Path cache = cacheFolder().resolve("lentil").resolve("djl");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("DJL_CACHE_DIR", cache.toString());
    System.setProperty("ENGINE_CACHE_DIR", cache.toString());
    return Engine.getEngine("PyTorch");
  }

  /** Source: XDG Base Directory Specification, {@code XDG_CACHE_HOME}. */
  private static Path cacheFolder() {
    return Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(s -> s.startsWith("/")).map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
  }

  static Engine engine() {
    return ENGINE;
  }

  /** A manager of arrays, with PyTorch set to a number of threads. */
  static NDManager manager(int threads) {
    NDManager manager = ENGINE.newBaseManager(Device.cpu());
    JniUtils.setNumThreads(threads);
    return manager;
  }

  static NDArray array(NDManager manager, float[] values, long... shape) {
    return manager.create(values, new Shape(shape));
  }
}
