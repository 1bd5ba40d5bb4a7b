package dev.lentil.bench.contender;

import dev.lentil.bench.contender.Training.Gradients;
import dev.lentil.ham10000.UserError;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A build of Lentil in a class loader of its own, so that two of them are measured within one process: what a process happens
 * to get (addresses, the compiler's decisions about the JDK's classes, a processor's neighbours) is then the same for both.
 * The contenders' classes are this build's, linked with each build's engine.
 */
public final class Build implements AutoCloseable {
  /** Where the launcher keeps the program that it built, from a project's folder. */
  private static final Path IN_PROJECT = Path.of(".lentil", "lentil.jar");

  private final String name;
  private final URLClassLoader loader;

  private Build(String name, Stream<Path> classPath) {
    this.name = name;
    loader = new URLClassLoader(classPath.map(Build::url).toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  /**
   * The file that holds a build.
   *
   * @param peer a jar, or the folder of a project that has been built with its launcher
   * @return empty if there is no such file or folder
   * @throws UserError if the folder holds no build
   */
  public static Optional<Path> jar(String peer) {
    Path path = Path.of(peer).toAbsolutePath().normalize();
    if (!Files.isDirectory(path)) {
      return Optional.of(path).filter(Files::isRegularFile);
    }
    Path jar = path.resolve(IN_PROJECT);
    if (!Files.isRegularFile(jar)) {
      throw new UserError(
          path + " holds no build of Lentil (" + IN_PROJECT + "); run ./lentil doctor there, which makes it");
    }
    return Optional.of(jar);
  }

  /** This process's own build. */
  public static Build own() {
    return new Build("lentil",
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of));
  }

  /** The build in a jar that {@link #jar} found. */
  public static Build of(Path jar) {
    return new Build("other build", Stream.of(contenders(), jar));
  }

  private static Path contenders() {
    try {
      return Path.of(Build.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As {@link LentilInference#of}. */
  public Inference inference(Path model, int images, long seed, int threads) {
    return contender(Inference.class, LentilInference.class, model, images, seed, threads);
  }

  /** As {@link LentilTraining#of}. */
  public Training training(Path model, int images, int threads) {
    return contender(Training.class, LentilTraining.class, model, images, threads);
  }

  /** What the static method {@code of} of this build's version of a class makes, behind the interface of the same name here. */
  private <T> T contender(Class<T> as, Class<?> known, Object... arguments) {
    Method of =
        Arrays.stream(known.getMethods()).filter(method -> method.getName().equals("of")).findFirst().orElseThrow();
    Object contender;
    try {
      contender = loader.loadClass(known.getName()).getMethod("of", of.getParameterTypes()).invoke(null, arguments);
    } catch (InvocationTargetException e) {
      throw explained(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    InvocationHandler forward = (proxy, method, args) -> {
      if (method.getName().equals("name")) {
        return name;
      }
      try {
        Object result = contender.getClass().getMethod(method.getName()).invoke(contender);
        return method.getReturnType() == Gradients.class ? gradients(result) : result;
      } catch (InvocationTargetException e) {
        throw explained(e.getCause());
      }
    };
    return as.cast(Proxy.newProxyInstance(Build.class.getClassLoader(), new Class<?>[] {as}, forward));
  }

  /** The other loader's record as one of this loader's. */
  @SuppressWarnings("unchecked")
  private static Gradients gradients(Object other) throws ReflectiveOperationException {
    return new Gradients((double) other.getClass().getMethod("loss").invoke(other),
        (Map<String, float[]>) other.getClass().getMethod("byParameter").invoke(other));
  }

  private RuntimeException explained(Throwable failure) {
    if (failure instanceof LinkageError) {
      return new UserError(
          "the " + name + " has not the API that this one's bench was compiled with (" + failure.getMessage()
              + "), so they cannot be measured in one process; compare each with onnxruntime instead");
    }
    return new IllegalStateException("the " + name + " failed: " + failure.getMessage(), failure);
  }

  @Override
  public void close() {
    try {
      loader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
