package dev.lentil.ham10000.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** CSV as all files of Lentil have it: RFC 4180, but with LF at the end of a line. {@link CsvTable} reads it. */
public final class CsvText {
  private static final CSVFormat FORMAT = CSVFormat.DEFAULT.builder().setRecordSeparator("\n").get();

  private CsvText() {}

  /** A header, then the rows. */
  public static String of(List<?> header, List<? extends List<?>> rows) {
    var text = new StringBuilder();
    try (var printer = new CSVPrinter(text, FORMAT)) {
      printer.printRecord(header);
      for (var row : rows) {
        printer.printRecord(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** A line alone. */
  public static String line(List<?> fields) {
    return of(fields, List.of());
  }
}
