package dev.lentil.ham10000.data;

import dev.lentil.ham10000.FileError;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One thing that is wrong with the data.
 *
 * @param where the file, with the line where there is one
 * @param field the CSV column concerned, if any
 * @param what what is wrong
 * @param remedy what to do about it
 */
public record Problem(Kind kind, String where, Optional<String> field, String what, String remedy) {
  /** The kinds of problems, for counting. */
  public enum Kind {
    MISSING_COLUMN, BAD_ROW, EMPTY_FIELD, DUPLICATE_IMAGE_ID, UNKNOWN_DIAGNOSIS, LESION_WITH_TWO_DIAGNOSES, BAD_AGE,
    UNEXPECTED_COUNT,
    MISSING_IMAGE, BROKEN_IMAGE, IMAGE_FOUND_TWICE, IMAGE_WITHOUT_METADATA
  }

  static Problem inFile(Kind kind, Path file, String what, String remedy) {
    return new Problem(kind, file.toString(), Optional.empty(), what, remedy);
  }

  static Problem of(Kind kind, FileError e) {
    return new Problem(kind, e.file(), Optional.empty(), e.what(), e.remedy());
  }

  static Problem inField(Kind kind, Path file, long line, String field, String what, String remedy) {
    return new Problem(kind, file + ", line " + line, Optional.of(field), what, remedy);
  }

  /** One sentence for a person. */
  public String message() {
    return where + field.map(f -> ", field " + f).orElse("") + ": " + what + "; " + remedy;
  }
}
