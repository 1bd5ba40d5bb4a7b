package dev.lentil.ham10000.data;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.csv.CSVFormat;

/** A CSV file (RFC 4180) with a header line, read whole; one whose name ends in {@code .gz} is unpacked on the way. */
public record CsvTable(Path file, List<String> header, List<Line> lines) {
  /** One row. {@code number} is its line in the file, counted from 1. */
  public record Line(long number, Map<String, String> values, boolean complete) {
    /** The value of a column without blanks around it; empty where the line has none. */
    public String get(String column) {
      return values.getOrDefault(column, "").strip();
    }
  }

  /**
   * Reads a file.
   *
   * @throws UserError when it is absent or no CSV file
   */
  public static CsvTable read(Path file, String remedyWhenAbsent) {
    String text;
    try {
      text = text(file);
    } catch (NoSuchFileException e) {
      throw new UserError(file + ": no such file; " + remedyWhenAbsent, e);
    } catch (CharacterCodingException e) {
      throw new UserError(file + ": not UTF-8 text; save it as UTF-8 CSV", e);
    } catch (ZipException | EOFException e) {
      throw new UserError(file + ": not a whole gzip file (" + e.getMessage() + "); get it again", e);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read (" + Reason.of(e) + "); check the path and its permissions", e);
    }
    // a column without a name is one to ignore, such as the row numbers that pandas writes in front
    var format =
        CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).setAllowMissingColumnNames(true).get();
    try (var parser = format.parse(new StringReader(text))) {
      var header = parser.getHeaderNames().stream().map(String::strip).toList();
      requireCommas(file, header);
      requireOneOfEach(file, header);
      var lines = new ArrayList<Line>();
      for (var row : parser) {
        lines.add(
            new Line(parser.getCurrentLineNumber(), byStrippedName(row.toMap()), row.size() == header.size()));
      }
      return new CsvTable(file, header, List.copyOf(lines));
    } catch (UncheckedIOException e) {
      // its own message names classes
      throw notCsv(file, e.getCause());
    } catch (IOException | IllegalArgumentException e) {
      throw notCsv(file, e);
    }
  }

  private static UserError notCsv(Path file, Exception e) {
    return new UserError(
        file + ": not a CSV file with a header line (" + e.getMessage() + "); correct it or download it again", e);
  }

  /** Spreadsheet programs of some countries write semicolons; then the whole header is one name. */
  private static void requireCommas(Path file, List<String> header) {
    String first = header.isEmpty() ? "" : header.getFirst();
    boolean tab = first.indexOf('\t') >= 0;
    if (header.size() == 1 && (tab || first.indexOf(';') >= 0)) {
      throw new UserError(file + ", line 1: the columns are separated by " + (tab ? "tabs" : "semicolons")
          + "; save it as CSV with commas between them");
    }
  }

  /** Of two columns of a name the values of one would be taken without a word. */
  private static void requireOneOfEach(Path file, List<String> header) {
    var seen = new HashSet<String>();
    for (String name : header) {
      if (!name.isEmpty() && !seen.add(name)) {
        throw new UserError(
            file + ", line 1: the column '" + name + "' is there twice; remove or rename one of the two");
      }
    }
  }

  /** Blanks around a column's name are no part of it, as in {@link #header()}. */
  private static Map<String, String> byStrippedName(Map<String, String> values) {
    var stripped = new HashMap<String, String>();
    values.forEach((name, value) -> stripped.put(name.strip(), value));
    return stripped;
  }

  private static String text(Path file) throws IOException {
    if (!file.toString().endsWith(".gz")) {
      return Utf8File.read(file);
    }
    try (var in = new GZIPInputStream(Files.newInputStream(file))) {
      return Utf8File
          .withoutMark(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes())).toString());
    }
  }
}
