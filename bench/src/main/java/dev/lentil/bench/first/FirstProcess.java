package dev.lentil.bench.first;

import dev.lentil.bench.contender.Images;
import dev.lentil.bench.contender.Inference;
import dev.lentil.bench.contender.LentilInference;
import dev.lentil.bench.contender.OnnxRuntimeInference;
import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.MobileNetV2;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/** A process that opens a model, judges images one at a time, and says how long each took. */
final class FirstProcess {
  private static final long SEED = 7;

  private FirstProcess() {}

  /**
   * Prints one line of JSON: milliseconds of opening, then of each image.
   *
   * @param args the program; its file; rows and columns of an image; threads; images
   */
  public static void main(String[] args) {
    var program = FirstInferences.Program.valueOf(args[0]);
    if (program == FirstInferences.Program.PLAIN) {
      System.setProperty("lentil.cpu.species", "scalar");
    }
    Path file = Path.of(args[1]);
    int threads = Integer.parseInt(args[4]);
    int images = Integer.parseInt(args[5]);
    var times = new ArrayList<Double>();
    long begin = System.nanoTime();
    Inference inference = program == FirstInferences.Program.ONNX_RUNTIME
        ? new OnnxRuntimeInference(file, Images.random(MobileNetV2.imageNet().withResolution(Integer.parseInt(args[2]),
            Integer.parseInt(args[3])).network(), 1, SEED), threads)
        : LentilInference.of(file, 1, SEED, threads);
    times.add(since(begin));
    for (int i = 0; i < images; i++) {
      begin = System.nanoTime();
      inference.run();
      times.add(since(begin));
    }
    System.out.println(Json.compact(times));
    // native libraries may leave threads behind
    System.exit(0);
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }
}
