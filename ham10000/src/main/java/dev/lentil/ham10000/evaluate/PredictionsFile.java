package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.CsvTable;
import dev.lentil.ham10000.data.CsvText;
import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Task;
import dev.lentil.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Predictions as CSV: {@code image_id,lesion_id,dx,age,sex,localization,label,subset,probability}, then {@code p_akiec ..
 * p_vasc} for a seven-class model. Label is 1 for malignant, an unknown age is empty. Numbers are written in full, so what
 * is read is what was written. A file without age, sex and localization is read too: they are unknown then.
 */
public final class PredictionsFile {
  /** The file's name inside a run's folder. */
  public static final String FILE_NAME = "predictions.csv";

  private static final List<String> COLUMNS = List.of(
      "image_id", "lesion_id", "dx", "age", "sex", "localization", "label", "subset", "probability");
  private static final List<String> REQUIRED =
      List.of("image_id", "lesion_id", "dx", "label", "subset", "probability");
  static final List<String> CLASS_COLUMNS =
      Arrays.stream(Diagnosis.values()).map(diagnosis -> "p_" + diagnosis.code()).toList();
  private static final String REMEDY = "write it again with the evaluate command";

  private PredictionsFile() {}

  /** Writes the file; it is never seen half written. */
  public static void write(Predictions predictions, Path file) {
    var header = new ArrayList<>(COLUMNS);
    header.addAll(predictions.task() == Task.SEVEN_CLASS ? CLASS_COLUMNS : List.of());
    try {
      AtomicFile.write(file, CsvText.of(header, predictions.rows().stream().map(PredictionsFile::fields).toList()));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static List<Object> fields(Prediction row) {
    var age = row.patient().age();
    var fields = new ArrayList<Object>(List.of(row.imageId(), row.lesionId(), row.diagnosis().code(),
        age.isPresent() ? age.getAsDouble() : "", row.patient().sex(), row.patient().localization(), row.label(),
        row.subset(), row.probability()));
    fields.addAll(row.classProbabilities());
    return fields;
  }

  /** Reads the predictions in a folder. */
  public static Predictions readIn(Path folder) {
    return read(folder.resolve(FILE_NAME));
  }

  /**
   * Reads the file.
   *
   * @throws UserError if it is absent, lacks a column or holds a field that cannot be understood
   */
  public static Predictions read(Path file) {
    var table = CsvTable.read(file, "run the evaluate command on the run's folder first");
    var missing = REQUIRED.stream().filter(name -> !table.header().contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new UserError(
          file + ", line 1: column " + String.join(", ", missing) + " is missing; " + REMEDY);
    }
    if (table.lines().isEmpty()) {
      throw new UserError(file + ": no predictions below the header; " + REMEDY);
    }
    var task = table.header().containsAll(CLASS_COLUMNS) ? Task.SEVEN_CLASS : Task.BINARY;
    var rows = table.lines().stream().map(line -> row(file, line, task)).toList();
    try {
      return new Predictions(task, rows);
    } catch (IllegalArgumentException e) {
      throw new UserError(file + ": " + e.getMessage() + "; " + REMEDY, e);
    }
  }

  private static Prediction row(Path file, CsvTable.Line line, Task task) {
    var where = file + ", line " + line.number() + ": ";
    try {
      if (!line.complete()) {
        throw new IllegalArgumentException("another number of fields than the header, is the file cut?");
      }
      var row = new Prediction(line.get("image_id"), line.get("lesion_id"), diagnosis(line), patient(line),
          subset(line), number(line, "probability"), classProbabilities(line, task));
      if (!line.get("label").equals(Integer.toString(row.label()))) {
        throw new IllegalArgumentException(
            "label is '" + line.get("label") + "' but dx " + line.get("dx") + " means " + row.label());
      }
      return row;
    } catch (IllegalArgumentException e) {
      throw new UserError(where + e.getMessage() + "; " + REMEDY, e);
    }
  }

  static List<Double> classProbabilities(CsvTable.Line line, Task task) {
    return task == Task.BINARY ? List.of() : CLASS_COLUMNS.stream().map(column -> number(line, column)).toList();
  }

  private static Diagnosis diagnosis(CsvTable.Line line) {
    return Diagnosis.ofCode(line.get("dx"))
        .orElseThrow(() -> new IllegalArgumentException("dx '" + line.get("dx") + "' is not a diagnosis"));
  }

  private static Patient patient(CsvTable.Line line) {
    var age = line.get("age").isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(number(line, "age"));
    return new Patient(age, line.get("sex"), line.get("localization"));
  }

  private static Split.Subset subset(CsvTable.Line line) {
    return Arrays.stream(Split.Subset.values())
        .filter(subset -> subset.toString().equals(line.get("subset")))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            "subset '" + line.get("subset") + "' is none of " + Arrays.toString(Split.Subset.values())));
  }

  static double number(CsvTable.Line line, String column) {
    try {
      return Double.parseDouble(line.get(column));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(column + " '" + line.get(column) + "' is not a number", e);
    }
  }
}
