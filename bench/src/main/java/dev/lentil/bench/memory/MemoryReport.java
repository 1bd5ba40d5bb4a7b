package dev.lentil.bench.memory;

import dev.lentil.bench.compare.JavaProcess;
import dev.lentil.bench.compare.ModelFolder;
import dev.lentil.bench.contender.DrawnPhoto;
import dev.lentil.mobilenetv2.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The peak resident memory and the time of whole processes that infer or train, Java machine included. */
public record MemoryReport(List<Row> rows) {
  private static final double MEGA = 1e6;

  /**
   * One process.
   *
   * @param work {@code classify} is the program's command on one photograph; {@code c4} are four callers at once
   * @param program {@code lentil apart} is a classifier for each caller
   * @param needed its peak resident size and how long it took, start included
   */
  public record Row(String work, String program, Watched needed) {
    /** The JSON entry. */
    public Map<String, Object> document() {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("work", work);
      entry.put("program", program);
      entry.put("peak_mb", needed.bytes() / MEGA);
      entry.put("seconds", needed.seconds());
      return entry;
    }
  }

  /**
   * Runs the processes one after the other.
   *
   * @param model with classes
   * @param launcher the script {@code lentil}, whose own options for Java count for {@code classify}; without it this
   *     machine's options are taken
   */
  public static MemoryReport measure(Model model, int batch, int threads, Optional<Path> launcher) {
    try (var files = new ModelFolder(model)) {
      Path weights = files.weights();
      Path photo = Files.write(files.file("photo.jpg"), DrawnPhoto.jpeg());
      var rows = new ArrayList<Row>();
      rows.add(new Row("classify", "lentil",
          classify(launcher, List.of("classify", photo.toString(), "--weights", weights.toString()))));
      List<String> size = List.of(Integer.toString(model.architecture().height()),
          Integer.toString(model.architecture().width()));
      rows.add(row("infer", "lentil", 1, threads, weights, size));
      rows.add(row("infer", "onnxruntime", 1, threads, files.onnx(), size));
      rows.add(row("callers", "lentil", 1, threads, weights, size));
      rows.add(row("callers", "lentil apart", 1, threads, weights, size));
      rows.add(row("callers", "onnxruntime", 1, threads, files.onnx(), size));
      rows.add(row("train", "lentil", batch, threads, weights, size));
      rows.add(row("train", "pytorch", batch, threads, weights, size));
      return new MemoryReport(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Watched classify(Optional<Path> launcher, List<String> arguments) {
    if (launcher.isPresent()) {
      var command = new ArrayList<>(List.of(launcher.get().toString()));
      command.addAll(arguments);
      // the first start after a change builds the program and its cache
      Watched.of(new ProcessBuilder(command), "classify");
      return Watched.of(new ProcessBuilder(command), "classify");
    }
    try (var process = new JavaProcess(dev.lentil.ham10000.cli.Main.class, arguments)) {
      return Watched.of(process.builder(), "classify");
    }
  }

  private static Row row(String work, String program, int batch, int threads, Path file, List<String> size) {
    var arguments = new ArrayList<>(
        List.of(work, program, Integer.toString(batch), Integer.toString(threads), file.toString()));
    arguments.addAll(size);
    try (var process = new JavaProcess(MemoryProcess.class, arguments)) {
      String name = work.equals("callers")
          ? "infer b" + batch + " t" + threads + " c" + MemoryProcess.CALLERS
          : work + " b" + batch + " t" + threads;
      return new Row(name, program,
          Watched.of(process.builder(), work + " by " + program));
    }
  }

  /** The table for people. */
  public String text() {
    var text = new StringBuilder("The whole process: peak resident memory, 10^6 bytes, and time, seconds\n\n");
    for (Row row : rows) {
      text.append(String.format(Locale.ROOT, "%-14s %-12s %8.0f %8.2f%n", row.work(), row.program(),
          row.needed().bytes() / MEGA, row.needed().seconds()));
    }
    return text.toString();
  }
}
