package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Metadata;
import java.util.OptionalDouble;

/**
 * What is known of whose lesion it is; by it the test images are judged in groups.
 *
 * @param age in years
 * @param sex male, female or unknown
 * @param localization the part of the body, or unknown
 */
public record Patient(OptionalDouble age, String sex, String localization) {
  private static final String NOT_KNOWN = "unknown";

  /** Nothing is known. */
  public static final Patient UNKNOWN = new Patient(OptionalDouble.empty(), NOT_KNOWN, NOT_KNOWN);

  public Patient {
    sex = sex.isBlank() ? NOT_KNOWN : sex;
    localization = localization.isBlank() ? NOT_KNOWN : localization;
  }

  /** As a row of the metadata file has it. */
  static Patient of(Metadata.Row row) {
    return new Patient(row.age(), row.sex(), row.localization());
  }
}
