package dev.lentil.ham10000.train;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.data.CsvText;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A table as Markdown for people and as CSV for programs. */
public record TextTable(List<String> header, List<List<String>> rows) {
  public TextTable {
    header = List.copyOf(header);
    rows = List.copyOf(rows);
  }

  /** The table in Markdown. */
  public String markdown() {
    var text = new StringBuilder(line(header)).append(line(header.stream().map(_ -> "---").toList()));
    rows.forEach(row -> text.append(line(row)));
    return text.toString();
  }

  private static String line(List<String> cells) {
    return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /** The table as CSV. */
  public String csv() {
    return CsvText.of(header, rows);
  }

  /** Writes {@code NAME.md} and {@code NAME.csv}. */
  void write(Path folder, String name, String title) {
    RunFolder.write(folder.resolve(name + ".md"), "# " + title + "\n\n" + markdown() + "\n" + Disclaimer.TEXT + "\n");
    RunFolder.write(folder.resolve(name + ".csv"), csv());
  }
}
