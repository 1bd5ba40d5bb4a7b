package dev.lentil.ham10000.data;

import dev.lentil.ham10000.FileError;
import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.io.FileReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where the images are: files named by image_id with the ending .jpg, .jpeg or .png, in one folder or several (the original comes as
 * {@code HAM10000_images_part_1} and {@code _2}).
 *
 * @param folders in the order in which they are searched
 * @param files the first file found for each image_id, sorted by it
 * @param duplicates every further file of the same image_id
 */
public record ImageIndex(List<Path> folders, Map<String, Path> files, List<Path> duplicates) {
  /** How far below the data folder images are looked for. */
  private static final int DEPTH = 4;

  private static final List<String> ENDINGS = List.of(".jpg", ".jpeg", ".png");

  /** The images in exactly these folders, not in folders below them. */
  public static ImageIndex of(List<Path> folders) {
    var files = new TreeMap<String, Path>();
    var duplicates = new ArrayList<Path>();
    for (var folder : folders) {
      for (var file : imagesIn(folder)) {
        if (files.putIfAbsent(imageId(file).orElseThrow(), file) != null) {
          duplicates.add(file);
        }
      }
    }
    return new ImageIndex(List.copyOf(folders), Collections.unmodifiableMap(files), List.copyOf(duplicates));
  }

  /**
   * Chooses among the folders at and below {@code data}: the one that holds most of the wanted images, then as long as any adds images that
   * are still missing, the one that adds most; of equals the first by name. So two half folders are both taken, and a folder with the
   * same images in another size is left out.
   *
   * @throws FileError when no folder holds any of them
   */
  public static ImageIndex discover(Path data, Collection<String> imageIds) {
    var idsOf = new TreeMap<Path, List<String>>();
    try {
      Files.walkFileTree(data, Set.of(FileVisitOption.FOLLOW_LINKS), DEPTH, new Search(data, idsOf));
    } catch (IOException e) {
      throw new FileError(data, "the folder cannot be searched (" + Reason.of(e) + ")",
          "check the path given with --data", e);
    }
    var missing = new HashSet<>(imageIds);
    var chosen = new ArrayList<Path>();
    while (true) {
      Path best = data;
      long most = 0;
      for (var entry : idsOf.entrySet()) {
        long adds = entry.getValue().stream().filter(missing::contains).count();
        if (adds > most) {
          most = adds;
          best = entry.getKey();
        }
      }
      if (most == 0) {
        break;
      }
      chosen.add(best);
      idsOf.get(best).forEach(missing::remove);
    }
    if (chosen.isEmpty()) {
      throw new FileError(data,
          "no folder in it holds images of " + Metadata.FILE_NAME + " (" + String.join(", ", ENDINGS) + ")",
          "unpack the images there, or name their folder with --images if the command has it");
    }
    return of(chosen);
  }

  /** Leaves out, and says so, what is below the data folder and cannot be read, such as {@code lost+found} of a disk of its own. */
  private static final class Search extends SimpleFileVisitor<Path> {
    private final Path data;
    private final Map<Path, List<String>> idsOf;

    private Search(Path data, Map<Path, List<String>> idsOf) {
      this.data = data;
      this.idsOf = idsOf;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
      look(folder);
      return FileVisitResult.CONTINUE;
    }

    /** A folder at the greatest depth comes as a file. */
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (Files.isDirectory(file)) {
        look(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      // a link to a folder that it is in: that one is being searched
      if (!(e instanceof FileSystemLoopException)) {
        skip(file, e);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
      if (e != null) {
        skip(folder, e);
      }
      return FileVisitResult.CONTINUE;
    }

    private void look(Path folder) throws IOException {
      try {
        idsOf.put(folder, list(folder).stream().map(file -> imageId(file).orElseThrow()).toList());
      } catch (IOException e) {
        skip(folder, e);
      }
    }

    private void skip(Path path, IOException e) throws IOException {
      if (path.equals(data)) {
        throw e;
      }
      System.getLogger("dev.lentil").log(Level.WARNING,
          path + ": left out of the search for images, it cannot be read (" + Reason.of(e) + ")");
    }
  }

  /**
   * The file of every image, in the order asked for.
   *
   * @throws UserError when some are missing
   */
  public List<Path> require(List<String> imageIds) {
    var missing = imageIds.stream().filter(id -> !files.containsKey(id)).toList();
    if (!missing.isEmpty()) {
      throw new UserError(
          missing.size() + " of " + imageIds.size() + " images are missing, first " + missing.getFirst() + "; searched "
              + folders.stream().map(Path::toString).collect(Collectors.joining(", ")) + "; 'verify' lists them all");
    }
    return imageIds.stream().map(files::get).toList();
  }

  /** The image files in a folder, by name. */
  static List<Path> imagesIn(Path folder) {
    try {
      return list(folder);
    } catch (IOException e) {
      throw new FileError(folder, "the image folder cannot be read (" + Reason.of(e) + ")",
          "check the path given with --images", e);
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      // of what cannot be reached, decoding it says why
      return files.filter(file -> imageId(file).isPresent()
          && (Files.isRegularFile(file) || FileReason.unreachable(file).isPresent())).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * An image_id as it is compared: the file names of some systems have an accent as a character of its own (Unicode's NFD),
   * which looks the same and is not equal.
   */
  static String composed(String imageId) {
    return Normalizer.normalize(imageId, Normalizer.Form.NFC);
  }

  /**
   * The name without its ending, {@linkplain #composed composed}; hidden files (macOS leaves ._NAME.jpg beside NAME.jpg) are no
   * images.
   */
  static Optional<String> imageId(Path file) {
    var name = file.getFileName().toString();
    var lower = name.toLowerCase(Locale.ROOT);
    return name.startsWith(".")
        ? Optional.empty()
        : ENDINGS.stream().filter(lower::endsWith).findFirst()
            .map(ending -> composed(name.substring(0, name.length() - ending.length())));
  }
}
