package dev.lentil.ham10000.data;

import dev.lentil.ham10000.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * {@code HAM10000_metadata.csv}: one row per image, several images per lesion.
 *
 * @param rows in the order of the file; image_ids are unique, with accents as {@link ImageIndex} has them, and all rows of a
 *     lesion have the same diagnosis
 */
public record Metadata(Path file, List<Row> rows) {
  /** The file's name inside a data folder. */
  public static final String FILE_NAME = "HAM10000_metadata.csv";

  static final List<String> COLUMNS = List.of("lesion_id", "image_id", "dx", "dx_type", "age", "sex", "localization");

  /**
   * One image.
   *
   * @param confirmation how the diagnosis was made (column {@code dx_type}); it leaks the label and must never be an input
   * @param age years, absent where the file has nothing or "unknown"
   * @param sex male, female or unknown
   * @param localization the part of the body
   */
  public record Row(String lesionId, String imageId, Diagnosis diagnosis, String confirmation, OptionalDouble age,
      String sex,
      String localization) {}

  /** All rows that could be understood, and everything that is wrong with the file. */
  public record Scan(Metadata metadata, List<Problem> problems) {}

  public Metadata {
    rows = List.copyOf(rows);
  }

  /**
   * Reads the file.
   *
   * @throws UserError with the first problem; {@link #scan} lists them all
   */
  public static Metadata read(Path file) {
    var scan = scan(file);
    if (!scan.problems.isEmpty()) {
      int others = scan.problems.size() - 1;
      throw new UserError(scan.problems.getFirst().message()
          + (others == 0
              ? ""
              : " (and " + others + (others == 1 ? " more problem" : " more problems") + "; 'verify' lists them all)"));
    }
    return scan.metadata;
  }

  /**
   * Reads the file and collects its problems instead of stopping at the first.
   *
   * @throws UserError when there is no such file or it is no CSV file at all
   */
  public static Scan scan(Path file) {
    var table = CsvTable.read(file, "--data must name the folder that holds " + FILE_NAME);
    var problems = new ArrayList<Problem>();
    for (var column : COLUMNS) {
      if (!table.header().contains(column)) {
        problems.add(
            new Problem(Problem.Kind.MISSING_COLUMN, file + ", line 1", Optional.of(column), "the column is missing",
                "the header must hold " + String.join(",", COLUMNS)));
      }
    }
    if (!problems.isEmpty()) {
      return new Scan(new Metadata(file, List.of()), List.copyOf(problems));
    }
    var reader = new RowReader(file, problems);
    var rows = new ArrayList<Row>();
    for (var line : table.lines()) {
      reader.row(line).ifPresent(rows::add);
    }
    if (table.lines().isEmpty()) {
      problems.add(Problem.inFile(Problem.Kind.BAD_ROW, file, "no rows below the header", "download it again"));
    }
    return new Scan(new Metadata(file, rows), List.copyOf(problems));
  }

  /** The rows of every lesion, lesions in ascending order of lesion_id, rows in the order of the file. */
  public SortedMap<String, List<Row>> lesions() {
    var lesions = new TreeMap<String, List<Row>>();
    for (var row : rows) {
      lesions.computeIfAbsent(row.lesionId, id -> new ArrayList<>()).add(row);
    }
    lesions.replaceAll((id, members) -> List.copyOf(members));
    return Collections.unmodifiableSortedMap(lesions);
  }

  /** The rows by image_id. */
  public Map<String, Row> byImageId() {
    var byId = new HashMap<String, Row>();
    rows.forEach(row -> byId.put(row.imageId, row));
    return Map.copyOf(byId);
  }

  /** Turns lines into rows, remembering what must not be repeated or contradicted. */
  private static final class RowReader {
    private static final Pattern YEARS = Pattern.compile("[0-9]+(\\.[0-9]*)?");
    private static final double OLDEST = 150;

    private record Seen(Diagnosis diagnosis, long line) {}

    private final Path file;
    private final List<Problem> problems;
    private final Map<String, Long> lineOfImage = new HashMap<>();
    private final Map<String, Seen> lesions = new HashMap<>();

    RowReader(Path file, List<Problem> problems) {
      this.file = file;
      this.problems = problems;
    }

    Optional<Row> row(CsvTable.Line line) {
      int before = problems.size();
      if (!line.complete()) {
        problems.add(Problem.inFile(Problem.Kind.BAD_ROW, file,
            "line " + line.number() + " has another number of fields than the header",
            "correct the line or download the file again"));
        return Optional.empty();
      }
      var lesionId = required(line, "lesion_id");
      var imageId = ImageIndex.composed(required(line, "image_id"));
      var diagnosis = diagnosis(line);
      var age = age(line);
      var earlier = lineOfImage.putIfAbsent(imageId, line.number());
      if (earlier != null && !imageId.isEmpty()) {
        add(Problem.Kind.DUPLICATE_IMAGE_ID, line, "image_id", "'" + imageId + "' is already in line " + earlier,
            "keep one of the two rows");
      }
      if (diagnosis.isPresent() && !lesionId.isEmpty()) {
        var seen = lesions.putIfAbsent(lesionId, new Seen(diagnosis.get(), line.number()));
        if (seen != null && seen.diagnosis != diagnosis.get()) {
          add(Problem.Kind.LESION_WITH_TWO_DIAGNOSES, line, "dx",
              "lesion '" + lesionId + "' is " + diagnosis.get().code() + " here but "
                  + seen.diagnosis.code() + " in line " + seen.line,
              "all images of a lesion must have the same diagnosis");
        }
      }
      if (problems.size() > before) {
        return Optional.empty();
      }
      return Optional.of(new Row(lesionId, imageId, diagnosis.orElseThrow(), line.get("dx_type"), age, line.get("sex"),
          line.get("localization")));
    }

    private String required(CsvTable.Line line, String field) {
      var value = line.get(field);
      if (value.isEmpty()) {
        add(Problem.Kind.EMPTY_FIELD, line, field, "the value is empty", "fill it in or remove the row");
      }
      return value;
    }

    private Optional<Diagnosis> diagnosis(CsvTable.Line line) {
      var code = line.get("dx");
      var diagnosis = Diagnosis.ofCode(code);
      if (diagnosis.isEmpty()) {
        add(Problem.Kind.UNKNOWN_DIAGNOSIS, line, "dx", "'" + code + "' is not a diagnosis",
            "use one of " + Diagnosis.allCodes());
      }
      return diagnosis;
    }

    private OptionalDouble age(CsvTable.Line line) {
      var text = line.get("age");
      if (text.isEmpty() || text.equals("unknown")) {
        return OptionalDouble.empty();
      }
      // Double.parseDouble alone would take what Java's source code does: 50.0f, 1d, 0x1p5
      if (YEARS.matcher(text).matches() && Double.parseDouble(text) <= OLDEST) {
        return OptionalDouble.of(Double.parseDouble(text));
      }
      add(Problem.Kind.BAD_AGE, line, "age", "'" + text + "' is not an age in years",
          "leave it empty when it is unknown");
      return OptionalDouble.empty();
    }

    private void add(Problem.Kind kind, CsvTable.Line line, String field, String what, String remedy) {
      problems.add(Problem.inField(kind, file, line.number(), field, what, remedy));
    }
  }
}
