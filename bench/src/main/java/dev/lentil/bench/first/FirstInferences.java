package dev.lentil.bench.first;

import dev.lentil.bench.compare.JavaProcess;
import dev.lentil.bench.compare.ModelFolder;
import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.Model;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How long the first images take in a process that has just begun: Java compiles a method only after it has been called
 * often, so that they take longer than all later ones.
 */
public record FirstInferences(List<Row> rows) {
  /** Which images' times are given, counted from 1. */
  private static final int[] SHOWN = {1, 2, 5, 10, 20, 50, 100, 200};

  /**
   * One process.
   *
   * @param program who infers
   * @param open milliseconds from the model's file to a network that is ready
   * @param images milliseconds of each image, in order
   */
  public record Row(Program program, double open, List<Double> images) {
    /** The JSON entry. */
    public Map<String, Object> document() {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("program", program.text());
      entry.put("open_ms", open);
      entry.put("images_ms", images);
      return entry;
    }
  }

  /** Who infers. */
  enum Program {
    LENTIL("Lentil"), PLAIN("Lentil, plain loops"), ONNX_RUNTIME("ONNX Runtime");

    private final String text;

    Program(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /**
   * Runs a process for each program, one after the other.
   *
   * @param images how many each judges, one at a time
   */
  public static FirstInferences measure(Model model, int threads, int images) {
    try (var files = new ModelFolder(model)) {
      return new FirstInferences(Arrays.stream(Program.values())
          .map(program -> row(program, program == Program.ONNX_RUNTIME ? files.onnx() : files.weights(), model, threads,
              images))
          .toList());
    }
  }

  private static Row row(Program program, Path file, Model model, int threads, int images) {
    var arguments = List.of(program.name(), file.toString(), Integer.toString(model.architecture().height()),
        Integer.toString(model.architecture().width()), Integer.toString(threads), Integer.toString(images));
    try (var process = new JavaProcess(FirstProcess.class, arguments)) {
      List<Double> times =
          ((List<?>) Json.parse(process.output())).stream().map(time -> ((Number) time).doubleValue()).toList();
      return new Row(program, times.getFirst(), times.subList(1, times.size()));
    }
  }

  /** The table for people. */
  public String text() {
    var text = new StringBuilder("The first images of a process, one at a time, milliseconds\n\n");
    int[] shown = IntStream.of(SHOWN).filter(image -> image <= rows.getFirst().images().size()).toArray();
    text.append(String.format(Locale.ROOT, "%-20s %8s", "", "open"));
    IntStream.of(shown).forEach(image -> text.append(String.format(Locale.ROOT, " %8s", "image " + image)));
    text.append('\n');
    for (Row row : rows) {
      text.append(String.format(Locale.ROOT, "%-20s %8.1f", row.program().text(), row.open()));
      IntStream.of(shown)
          .forEach(image -> text.append(String.format(Locale.ROOT, " %8.1f", row.images().get(image - 1))));
      text.append('\n');
    }
    return text.toString();
  }
}
