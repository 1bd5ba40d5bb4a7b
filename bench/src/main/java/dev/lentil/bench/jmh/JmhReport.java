package dev.lentil.bench.jmh;

import dev.lentil.bench.Work;
import dev.lentil.bench.machine.CopyBandwidth;
import dev.lentil.bench.machine.FmaPeak;
import dev.lentil.ham10000.UserError;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What JMH measured, beside what the machine can do.
 *
 * @param rows a benchmark with one choice of parameters each
 * @param peaks by number of threads
 */
public record JmhReport(List<Row> rows, Map<Integer, Peaks> peaks) {
  private static final double MICRO = 1e3;

  /** 10^9 floating-point operations a second, 10^9 bytes a second copied within a cache and beyond it. */
  public record Peaks(double gigaflops, double cacheGigabytes, double memoryGigabytes) {}

  /**
   * One measurement.
   *
   * @param micros average time of a call
   * @param error half the width of its 99.9% confidence interval; not a number with fewer than three iterations
   */
  public record Row(String benchmark, Map<String, String> parameters, int threads, double micros, double error,
      Work work) {
    String name() {
      return benchmark + " " + String.join(" ", parameters.values());
    }

    double gigaflops() {
      return work.gigaflops(micros * MICRO);
    }

    double gigabytes() {
      return work.gigabytes(micros * MICRO);
    }
  }

  /**
   * Runs benchmarks, each in a process of its own.
   *
   * @param pattern a regular expression that the names of the benchmarks contain: {@code Pointwise.forward}
   * @param overrides values of parameters to take instead of all that a benchmark names
   * @param progress where JMH tells how far it is
   * @throws UserError if there is no such benchmark, or one fails
   */
  public static JmhReport run(String pattern, Map<String, String> overrides, boolean quick, PrintStream progress) {
    var options = new OptionsBuilder().include(pattern).forks(1).shouldFailOnError(true);
    if (quick) {
      options.warmupIterations(2).warmupTime(TimeValue.milliseconds(500)).measurementIterations(2)
          .measurementTime(TimeValue.milliseconds(500));
    } else {
      options.warmupIterations(3).warmupTime(TimeValue.seconds(1)).measurementIterations(5)
          .measurementTime(TimeValue.seconds(1));
    }
    overrides.forEach((name, value) -> options.param(name, value));
    try {
      Collection<RunResult> results = new Runner(options.build(),
          OutputFormatFactory.createFormatInstance(progress, VerboseMode.NORMAL)).run();
      return of(results.stream().map(JmhReport::row).toList());
    } catch (RunnerException e) {
      throw new UserError("JMH: " + e.getMessage(), e);
    }
  }

  private static JmhReport of(List<Row> rows) {
    var peaks = new TreeMap<Integer, Peaks>();
    rows.forEach(row -> peaks.computeIfAbsent(row.threads(),
        n -> new Peaks(FmaPeak.gigaflops(n), CopyBandwidth.inCache(n), CopyBandwidth.inMemory(n))));
    return new JmhReport(rows, peaks);
  }

  private static Row row(RunResult result) {
    BenchmarkParams params = result.getParams();
    String full = params.getBenchmark();
    String type = full.substring(0, full.lastIndexOf('.'));
    String method = full.substring(full.lastIndexOf('.') + 1);
    var parameters = new LinkedHashMap<String, String>();
    params.getParamsKeys().forEach(key -> parameters.put(key, params.getParam(key)));
    Measured benchmark = instance(type, parameters);
    String name = type.substring(type.lastIndexOf('.') + 1) + "." + method;
    return new Row(name, parameters, benchmark.threads(), result.getPrimaryResult().getScore(),
        result.getPrimaryResult().getScoreError(), benchmark.work(method));
  }

  /** The benchmark's object with its parameters set, only to ask it what it does. */
  private static Measured instance(String type, Map<String, String> parameters) {
    try {
      Class<?> benchmark = nested(type);
      Object instance = benchmark.getDeclaredConstructor().newInstance();
      for (var parameter : parameters.entrySet()) {
        Field field = benchmark.getField(parameter.getKey());
        if (field.getType() == int.class) {
          field.setInt(instance, Integer.parseInt(parameter.getValue()));
        } else {
          field.set(instance, parameter.getValue());
        }
      }
      return (Measured) instance;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the benchmark " + type + " cannot be asked what it does", e);
    }
  }

  /** JMH writes a dot before a nested class's name. */
  private static Class<?> nested(String type) throws ClassNotFoundException {
    try {
      return Class.forName(type);
    } catch (ClassNotFoundException e) {
      int dot = type.lastIndexOf('.');
      return Class.forName(type.substring(0, dot) + "$" + type.substring(dot + 1));
    }
  }

  /** The table for people. */
  public String text() {
    int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    var text = new StringBuilder(String.format(Locale.ROOT, "%-" + width + "s %11s %9s %9s %6s %8s%n", "", "us", "+-",
        "GFLOP/s", "peak", "GB/s"));
    for (Row row : rows) {
      text.append(String.format(Locale.ROOT, "%-" + width + "s %11.1f %9s %9.1f %5.0f%% %8.1f%n", row.name(),
          row.micros(), Double.isNaN(row.error()) ? "" : String.format(Locale.ROOT, "%.1f", row.error()),
          row.gigaflops(), 100 * row.gigaflops() / peaks.get(row.threads()).gigaflops(),
          row.gigabytes()));
    }
    text.append('\n');
    peaks.forEach((threads, peak) -> text.append(String.format(Locale.ROOT,
        "Threads %d: multiply-adds %.1f GFLOP/s; copying %.1f GB/s within 512 KiB, %.1f GB/s within 256 MiB.%n",
        threads, peak.gigaflops(), peak.cacheGigabytes(), peak.memoryGigabytes())));
    return text.toString();
  }

  /** The same as JSON. */
  public Map<String, Object> document() {
    var document = new LinkedHashMap<String, Object>();
    document.put("benchmarks", rows.stream().map(row -> {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("benchmark", row.benchmark());
      entry.put("parameters", row.parameters());
      entry.put("us", row.micros());
      entry.put("gflops", row.gigaflops());
      entry.put("gb_per_s", row.gigabytes());
      entry.put("share_of_peak", row.gigaflops() / peaks.get(row.threads()).gigaflops());
      return entry;
    }).toList());
    var machine = new ArrayList<Map<String, Object>>();
    peaks.forEach((threads, peak) -> {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("threads", threads);
      entry.put("gflops", peak.gigaflops());
      entry.put("copy_cache_gb_per_s", peak.cacheGigabytes());
      entry.put("copy_memory_gb_per_s", peak.memoryGigabytes());
      machine.add(entry);
    });
    document.put("peaks", machine);
    return document;
  }
}
