package dev.lentil.ham10000.data;

import dev.lentil.ham10000.UserError;
import dev.lentil.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Training, validation and test images, split by lesion so that no lesion is in two subsets, stratified by malignancy, 70 / 15 / 15
 * percent of the lesions. With seed 42 it is the split of Sari and Irawan 2026 (7061 / 1469 / 1485 images), whatever the task: a network
 * that tells seven diagnoses apart is judged by the same test images as one that tells two classes apart.
 *
 * @param members one per image, in the order of the metadata file
 */
public record Split(Task task, long seed, List<Member> members) {
  /** The file that a split is written to. */
  public static final String FILE_NAME = "split.csv";

  /** The seed of the paper. */
  public static final long PAPER_SEED = 42;

  private static final double TEST_SHARE = 0.15;
  private static final double VALIDATION_SHARE = 0.15;

  /** Where an image belongs. */
  public enum Subset {
    TRAIN, VALIDATION, TEST;

    /** As in {@code split.csv}: train, validation, test. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One image: its metadata, the class index of the task, and its subset. */
  public record Member(Metadata.Row row, int label, Subset subset) {
    public String imageId() {
      return row.imageId();
    }
  }

  public Split {
    members = List.copyOf(members);
  }

  /**
   * Splits the lesions.
   *
   * @param task whose labels the images have; the subsets do not depend on it
   * @param seed 0 to 2^32-1
   * @throws UserError when there are too few benign or malignant lesions
   */
  public static Split of(Metadata metadata, Task task, long seed) {
    return stratifiedBy(Task.BINARY, metadata, seed).labelled(task);
  }

  /** The same images in the same subsets, with the labels of a task. */
  public Split labelled(Task other) {
    return new Split(other, seed, members.stream()
        .map(m -> new Member(m.row, other.label(m.row.diagnosis()), m.subset)).toList());
  }

  /** Splits the lesions so that each class of a task is in all subsets in the same proportion. */
  static Split stratifiedBy(Task task, Metadata metadata, long seed) {
    var lesions = Lesions.of(metadata, task);
    var outer = named(metadata, () -> StratifiedSplit.of(lesions.labels, names(task), TEST_SHARE, seed));
    // the rest is split again in the permuted order of the first split, with a fresh generator
    return lesions.split(metadata, task, seed, outer.train(), outer.test());
  }

  /**
   * One of several splits whose test subsets together are all lesions, each once: for cross-validation. The folds are
   * scikit-learn's {@code StratifiedKFold} of the lesions in ascending order; validation is taken from the rest as in
   * {@link #of}, 15 / 85 of it.
   *
   * @param folds at least 2
   * @param fold 1 to folds
   * @param seed 0 to 2^32-1
   * @throws UserError when there are too few benign or malignant lesions
   */
  public static Split fold(Metadata metadata, Task task, long seed, int folds, int fold) {
    if (folds < 2 || fold < 1 || fold > folds) {
      throw new IllegalArgumentException("fold " + fold + " of " + folds + " does not exist");
    }
    var lesions = Lesions.of(metadata, Task.BINARY);
    int[] foldOf = named(metadata, () -> StratifiedFolds.of(lesions.labels, names(Task.BINARY), folds, seed));
    int[] rest = IntStream.range(0, foldOf.length).filter(i -> foldOf[i] != fold - 1).toArray();
    int[] test = IntStream.range(0, foldOf.length).filter(i -> foldOf[i] == fold - 1).toArray();
    return lesions.split(metadata, Task.BINARY, seed, rest, test).labelled(task);
  }

  /** The classes of a task, each with the diagnoses that it holds where these have other names. */
  private static List<String> names(Task task) {
    return task.labels().stream().map(label -> {
      var codes = Arrays.stream(Diagnosis.values()).filter(d -> task.labels().get(task.label(d)).equals(label))
          .map(Diagnosis::code).collect(Collectors.joining(", "));
      return codes.equals(label) ? label : label + " (" + codes + ")";
    }).toList();
  }

  /** What an error is about: the lesions are those of a file. */
  private static <T> T named(Metadata metadata, Supplier<T> division) {
    try {
      return division.get();
    } catch (UserError e) {
      throw new UserError(metadata.file() + ", column dx: " + e.getMessage(), e);
    }
  }

  /** All lesions in ascending order, and the class of each. */
  private record Lesions(List<String> ids, int[] labels) {
    static Lesions of(Metadata metadata, Task task) {
      var lesions = metadata.lesions();
      return new Lesions(List.copyOf(lesions.keySet()),
          lesions.values().stream().mapToInt(rows -> task.label(rows.getFirst().diagnosis())).toArray());
    }

    /** The rest split into training and validation. */
    Split split(Metadata metadata, Task task, long seed, int[] rest, int[] test) {
      var restLabels = Arrays.stream(rest).map(i -> labels[i]).toArray();
      var inner = named(metadata,
          () -> StratifiedSplit.of(restLabels, names(task), VALIDATION_SHARE / (1 - TEST_SHARE), seed));
      var subsetOf = new HashMap<String, Subset>();
      for (int i : test) {
        subsetOf.put(ids.get(i), Subset.TEST);
      }
      for (int i : inner.test()) {
        subsetOf.put(ids.get(rest[i]), Subset.VALIDATION);
      }
      for (int i : inner.train()) {
        subsetOf.put(ids.get(rest[i]), Subset.TRAIN);
      }
      return new Split(task, seed, metadata.rows().stream()
          .map(row -> new Member(row, task.label(row.diagnosis()), subsetOf.get(row.lesionId()))).toList());
    }
  }

  /** The images of a subset, in the order of the metadata file. */
  public List<Member> of(Subset subset) {
    return members.stream().filter(m -> m.subset == subset).toList();
  }

  /** Images per class of a subset, [classes]. */
  public int[] counts(Subset subset) {
    var counts = new int[task.labels().size()];
    for (var member : members) {
      if (member.subset == subset) {
        counts[member.label]++;
      }
    }
    return counts;
  }

  /** Lesions in a subset. */
  public long lesions(Subset subset) {
    return members.stream().filter(m -> m.subset == subset).map(m -> m.row.lesionId()).distinct().count();
  }

  /**
   * Class weights of the training subset, [classes]: n / (classes * n_c), scikit-learn's "balanced"; 0 for a class without
   * training images, which has none.
   */
  public double[] classWeights() {
    var counts = counts(Subset.TRAIN);
    double n = Arrays.stream(counts).sum();
    return Arrays.stream(counts).mapToDouble(count -> count == 0 ? 0 : n / (counts.length * (double) count)).toArray();
  }

  /** Lower-case hexadecimal SHA-256 of the subset's sorted image_ids, joined by newlines: what identifies the split. */
  public String sha256(Subset subset) {
    var ids = of(subset).stream().map(Member::imageId).sorted().collect(Collectors.joining("\n"));
    return Sha256.hex(ids.getBytes(StandardCharsets.UTF_8));
  }

  /** Content of {@code split.csv}: image_id, lesion_id, dx, label (the class's name), subset. */
  public String csv() {
    return CsvText.of(List.of("image_id", "lesion_id", "dx", "label", "subset"), members.stream()
        .map(m -> List.of(m.row.imageId(), m.row.lesionId(), m.row.diagnosis().code(), task.labels().get(m.label),
            m.subset))
        .toList());
  }

  /** Content of {@code split.sha256}: the three subsets as comments, and the CSV file in the form that {@code sha256sum -c} checks. */
  public String checksums() {
    var text = new StringBuilder(
        "# " + task + ", seed " + seed + "; sha256 of the sorted image_ids of each subset, joined by newlines\n");
    for (var subset : Subset.values()) {
      text.append("# ").append(sha256(subset)).append(' ').append(subset).append('\n');
    }
    return text + Sha256.hex(csv().getBytes(StandardCharsets.UTF_8)) + "  " + FILE_NAME + "\n";
  }

  /** Writes {@code split.csv}, {@code split.sha256} and {@code labels.txt}, each atomically; the folder is made if need be. */
  public void write(Path folder) {
    try {
      AtomicFile.write(folder.resolve(FILE_NAME), csv());
      AtomicFile.write(folder.resolve("split.sha256"), checksums());
      AtomicFile.write(folder.resolve("labels.txt"), task.labelsText());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
