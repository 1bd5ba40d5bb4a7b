package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.CsvTable;
import dev.lentil.ham10000.data.CsvText;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Task;
import dev.lentil.io.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * What a model said of validation and test images, and nothing that the data set says of them, as packed CSV:
 * {@code image_id,probability}, then {@code p_akiec .. p_vasc} for a seven-class model. Lesion, diagnosis and subset come from the
 * reader's own copy of the metadata, so that a data set with a licence of its own is not handed on with the predictions. Numbers
 * are written in full.
 */
public final class ProbabilitiesFile {
  /** The file's name inside a folder. */
  public static final String FILE_NAME = PredictionsFile.FILE_NAME + ".gz";

  private static final List<String> COLUMNS = List.of("image_id", "probability");
  private static final String REMEDY = "get the file again, or add the run again with './lentil results --add RUN'";

  private ProbabilitiesFile() {}

  /** Writes the file, images in ascending order, since that of the metadata goes by diagnoses; it is never seen half written. */
  public static void write(Predictions predictions, Path file) {
    var header = new ArrayList<>(COLUMNS);
    header.addAll(predictions.task() == Task.SEVEN_CLASS ? PredictionsFile.CLASS_COLUMNS : List.of());
    var rows = predictions.rows().stream().sorted(Comparator.comparing(Prediction::imageId))
        .map(row -> Stream.concat(Stream.of(row.imageId(), row.probability()), row.classProbabilities().stream())
            .toList())
        .toList();
    try {
      AtomicFile.write(file, packed(CsvText.of(header, rows).getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  /**
   * Reads the file, images in its order, and joins lesion, diagnosis and subset. The patients stay unknown.
   *
   * @param metadata of the data set that the model was trained on
   * @param split of that metadata, as for the training
   * @throws UserError if the file is absent, lacks a column or holds a field that cannot be understood, or if an image is not
   *     among the validation and test images
   */
  public static Predictions read(Path file, Metadata metadata, Split split) {
    var table = CsvTable.read(file, REMEDY);
    var missing = COLUMNS.stream().filter(name -> !table.header().contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new UserError(file + ", line 1: column " + String.join(", ", missing) + " is missing; " + REMEDY);
    }
    var task = table.header().containsAll(PredictionsFile.CLASS_COLUMNS) ? Task.SEVEN_CLASS : Task.BINARY;
    var members = split.members().stream().collect(Collectors.toMap(Split.Member::imageId, Function.identity()));
    var rows = new ArrayList<Prediction>();
    for (var line : table.lines()) {
      var where = file + ", line " + line.number() + ": ";
      try {
        if (!line.complete()) {
          throw new IllegalArgumentException("another number of fields than the header, is the file cut?");
        }
        var member = members.get(line.get("image_id"));
        if (member == null || member.subset() == Split.Subset.TRAIN) {
          throw new UserError(where + "image " + line.get("image_id") + " is "
              + (member == null ? "not in " : "a training image by the split of ") + metadata.file()
              + "; --data must name the folder of the whole data set that the run was trained on");
        }
        rows.add(new Prediction(member.imageId(), member.row().lesionId(), member.row().diagnosis(), Patient.UNKNOWN,
            member.subset(), PredictionsFile.number(line, "probability"),
            PredictionsFile.classProbabilities(line, task)));
      } catch (IllegalArgumentException e) {
        throw new UserError(where + e.getMessage() + "; " + REMEDY, e);
      }
    }
    try {
      return new Predictions(task, rows);
    } catch (IllegalArgumentException e) {
      throw new UserError(file + ": " + e.getMessage() + "; " + REMEDY, e);
    }
  }
}
