package dev.lentil.ham10000.data;

import dev.lentil.ham10000.FileError;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.image.ImageDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Finds everything that is wrong with a copy of the data set, in one go. */
public final class DatasetVerifier {
  /** What a complete copy has. */
  public record Expectation(int rows, int lesions, Map<Diagnosis, Integer> diagnoses) {
    /** HAM10000 as published (Tschandl et al. 2018, table 1; lesions counted). */
    public static final Expectation HAM10000 =
        new Expectation(10_015, 7_470, Map.of(Diagnosis.AKIEC, 327, Diagnosis.BCC, 514,
            Diagnosis.BKL, 1099, Diagnosis.DF, 115, Diagnosis.MEL, 1113, Diagnosis.NV, 6705, Diagnosis.VASC, 142));

    /** Whether these are all the rows that there should be, by their counts. */
    public boolean isMetBy(Collection<Metadata.Row> all) {
      return all.size() == rows && all.stream().map(Metadata.Row::lesionId).distinct().count() == lesions
          && all.stream().collect(Collectors.toMap(Metadata.Row::diagnosis, _ -> 1, Integer::sum)).equals(diagnoses);
    }
  }

  /**
   * What was found.
   *
   * @param rows rows of the metadata that could be understood
   * @param images different image files in the folders
   * @param diagnoses rows per diagnosis
   * @param problems in the order metadata, counts, images
   */
  public record Report(Path metadata, List<Path> folders, int rows, int lesions, int images,
      Map<Diagnosis, Integer> diagnoses,
      List<Problem> problems) {}

  private DatasetVerifier() {}

  /**
   * Reads the metadata and decodes every image.
   *
   * @param folders with images; empty to look for them below the data folder
   * @param expectation absent for data that is not the whole of HAM10000
   * @throws UserError when there is no metadata file or a folder cannot be read
   */
  public static Report verify(Path data, List<Path> folders, Optional<Expectation> expectation, int threads,
      ImageCacheWriter.Progress progress) {
    var scan = Metadata.scan(data.resolve(Metadata.FILE_NAME));
    var metadata = scan.metadata();
    var problems = new ArrayList<>(scan.problems());
    var diagnoses = new EnumMap<Diagnosis, Integer>(Diagnosis.class);
    metadata.rows().forEach(row -> diagnoses.merge(row.diagnosis(), 1, Integer::sum));
    int lesions = metadata.lesions().size();
    // without rows there is a problem already that says why
    if (!metadata.rows().isEmpty()) {
      expectation.ifPresent(expected -> compare(expected, metadata, lesions, diagnoses, problems));
    }
    var images = images(data, folders, metadata, problems);
    if (!images.folders().isEmpty()) {
      problems.addAll(compareImages(metadata, images, scan.problems().isEmpty()));
    }
    problems.addAll(broken(List.copyOf(images.files().values()), threads, progress));
    return new Report(metadata.file(), images.folders(), metadata.rows().size(), lesions, images.files().size(),
        diagnoses,
        List.copyOf(problems));
  }

  private static ImageIndex images(Path data, List<Path> folders, Metadata metadata, List<Problem> problems) {
    if (!folders.isEmpty() || metadata.rows().isEmpty()) {
      return ImageIndex.of(folders);
    }
    try {
      return ImageIndex.discover(data, metadata.rows().stream().map(Metadata.Row::imageId).toList());
    } catch (FileError e) {
      problems.add(Problem.of(Problem.Kind.MISSING_IMAGE, e));
      return ImageIndex.of(List.of());
    }
  }

  private static void compare(Expectation expected, Metadata metadata, int lesions, Map<Diagnosis, Integer> diagnoses,
      List<Problem> problems) {
    var remedy = "use the complete HAM10000_metadata.csv, DOI 10.7910/DVN/DBW86T";
    count(problems, metadata.file(), "rows", metadata.rows().size(), expected.rows, remedy);
    count(problems, metadata.file(), "lesions", lesions, expected.lesions, remedy);
    for (var diagnosis : Diagnosis.values()) {
      count(problems, metadata.file(), "rows of " + diagnosis.code(), diagnoses.getOrDefault(diagnosis, 0),
          expected.diagnoses.get(diagnosis),
          remedy);
    }
  }

  private static void count(List<Problem> problems, Path file, String what, int found, int expected, String remedy) {
    if (found != expected) {
      problems.add(Problem.inFile(Problem.Kind.UNEXPECTED_COUNT, file,
          found + " usable " + what + " instead of " + expected, remedy));
    }
  }

  private static List<Problem> compareImages(Metadata metadata, ImageIndex images, boolean rowsAreComplete) {
    var problems = new ArrayList<Problem>();
    var known = metadata.byImageId();
    for (var row : metadata.rows()) {
      if (!images.files().containsKey(row.imageId())) {
        problems.add(new Problem(Problem.Kind.MISSING_IMAGE, metadata.file().toString(), Optional.of("image_id"),
            "no image file for " + row.imageId(), "put it into one of the image folders"));
      }
    }
    for (var duplicate : images.duplicates()) {
      problems.add(Problem.inFile(Problem.Kind.IMAGE_FOUND_TWICE, duplicate, "another file has the same image_id",
          "keep one of them"));
    }
    // a row that could not be understood would make its image look like a stranger
    if (rowsAreComplete) {
      images.files().forEach((id, file) -> {
        if (!known.containsKey(id)) {
          problems
              .add(Problem.inFile(Problem.Kind.IMAGE_WITHOUT_METADATA, file, "no row of the metadata has this image_id",
                  "add the row or remove the file"));
        }
      });
    }
    return problems;
  }

  private static List<Problem> broken(List<Path> files, int threads, ImageCacheWriter.Progress progress) {
    var done = new AtomicInteger();
    try (var pool = Executors.newFixedThreadPool(threads)) {
      var results = files.stream().map(file -> pool.submit(() -> {
        var problem = check(file);
        synchronized (progress) {
          progress.images(done.incrementAndGet(), files.size());
        }
        return problem;
      })).toList();
      var problems = new ArrayList<Problem>();
      for (var result : results) {
        result.get().ifPresent(problems::add);
      }
      return problems;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("interrupted; run 'verify' again", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    }
  }

  private static Optional<Problem> check(Path file) {
    try {
      ImageDecoder.decodeDermatoscopic(file);
      return Optional.empty();
    } catch (FileError e) {
      return Optional.of(Problem.of(Problem.Kind.BROKEN_IMAGE, e));
    }
  }
}
