package dev.lentil.testing.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of the real disk, seen through a file system that can be told to fail: from one operation on, as for a process that is
 * killed there, or when the folder is full. Paths from {@link #path} go through it in everything of {@link Files}.
 */
public final class Disk {
  private final Path root;
  private final FaultyFileSystem files = new FaultyFileSystem(this);
  private final List<String> operations = new ArrayList<>();
  private int deadFrom = Integer.MAX_VALUE;
  private int fullFrom = Integer.MAX_VALUE;
  private long left;
  private long capacity = Long.MAX_VALUE;

  public Disk(Path root) {
    this.root = root;
  }

  public Path path(String name) {
    return files.wrap(root.resolve(name));
  }

  /** From this operation on, counted from 0, every operation that changes something fails and changes nothing. */
  public void dieAt(int operation) {
    deadFrom = operation;
  }

  /** At this operation, counted from 0, the folder is filled but for so many bytes. */
  public void fillAt(int operation, long bytesLeft) {
    fullFrom = operation;
    left = bytesLeft;
  }

  /** Lets everything work again. */
  public void mend() {
    fullFrom = Integer.MAX_VALUE;
    deadFrom = Integer.MAX_VALUE;
    capacity = Long.MAX_VALUE;
    operations.clear();
  }

  /** Leaves room for so many bytes beyond what the folder holds now. */
  public void leave(long bytes) throws IOException {
    capacity = used() + bytes;
  }

  /**
   * The operations so far that changed something, each as its kind and the name of the file; temporary files without the process in
   * their names.
   */
  public synchronized List<String> operations() {
    return List.copyOf(operations);
  }

  synchronized void operation(String kind, Path file) throws IOException {
    operations.add(kind + " " + file.getFileName().toString().replaceFirst("\\.\\d+-\\d+\\.tmp$", ".tmp"));
    if (operations.size() == fullFrom + 1) {
      leave(left);
    }
    if (operations.size() > deadFrom) {
      throw new IOException("killed before: " + operations.getLast());
    }
  }

  long free() throws IOException {
    return Math.max(0, capacity - used());
  }

  boolean limited() {
    return capacity < Long.MAX_VALUE;
  }

  private long used() throws IOException {
    long sum = 0;
    try (var all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }
}
