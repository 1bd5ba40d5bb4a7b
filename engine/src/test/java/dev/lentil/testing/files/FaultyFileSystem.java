package dev.lentil.testing.files;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.StreamSupport;

/** The default file system behind paths of its own, whose operations go through a {@link Disk}. */
final class FaultyFileSystem extends FileSystem {
  /** What every path of this file system is besides. */
  private interface Wrapped {
    Path real();
  }

  private static final FileSystem REAL = FileSystems.getDefault();

  private final FaultyProvider provider;

  FaultyFileSystem(Disk disk) {
    provider = new FaultyProvider(this, disk);
  }

  static Path real(Path path) {
    return path instanceof Wrapped wrapped ? wrapped.real() : path;
  }

  Path wrap(Path real) {
    return (Path) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Path.class, Wrapped.class},
        (_, method, args) -> switch (method.getName()) {
          case "real" -> real;
          case "getFileSystem" -> this;
          case "toFile" -> throw new UnsupportedOperationException("a path of another file system is no File");
          default -> {
            Object[] unwrapped = args == null
                ? null
                : Arrays.stream(args).map(arg -> arg instanceof Path path ? real(path) : arg).toArray();
            try {
              Object result = method.invoke(real, unwrapped);
              yield switch (result) {
                case Path path -> wrap(path);
                case Iterator<?> names -> wrapAll(names);
                case null, default -> result;
              };
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          }
        });
  }

  private <T> Iterator<Path> wrapAll(Iterator<T> names) {
    Iterable<T> all = () -> names;
    return StreamSupport.stream(all.spliterator(), false).map(name -> wrap((Path) name)).iterator();
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    PathMatcher matcher = REAL.getPathMatcher(pattern);
    return path -> matcher.matches(real(path));
  }

  @Override
  public Path getPath(String first, String... more) {
    return wrap(REAL.getPath(first, more));
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return REAL.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return REAL.getRootDirectories();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return REAL.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return REAL.supportedFileAttributeViews();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return REAL.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() throws IOException {
    return REAL.newWatchService();
  }
}
