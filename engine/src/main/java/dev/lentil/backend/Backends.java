package dev.lentil.backend;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The backends on the class path. */
public final class Backends {
  private Backends() {}

  public static List<Backend> all() {
    return ServiceLoader.load(Backend.class, Backends.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get).toList();
  }

  /**
   * @throws BackendException if no backend has that name, listing those that there are
   */
  public static Backend named(String name) {
    return all().stream().filter(backend -> backend.name().equals(name)).findFirst()
        .orElseThrow(() -> new BackendException("there is no backend '" + name + "'; there are "
            + all().stream().map(Backend::name).sorted().collect(Collectors.joining(", "))));
  }
}
