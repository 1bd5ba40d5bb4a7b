package dev.lentil.bench.epoch;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.bench.Median;
import dev.lentil.ham10000.data.BatchSource;
import dev.lentil.ham10000.data.Pixels;
import dev.lentil.ham10000.data.Regime;
import dev.lentil.ham10000.data.Sample;
import dev.lentil.ham10000.data.TrainingImages;
import dev.lentil.ham10000.image.Augmentation;
import dev.lentil.image.Normalization;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.train.Batches;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The first stage of the paper, base frozen and head trained, in parts: an epoch should take no longer than the inference of its
 * images and their augmentation, each alone. The images are random and in memory, as those of a mapped cache are once read.
 *
 * @param images of the epoch that was measured
 * @param training milliseconds of an epoch of training the head, augmentation included
 * @param inference milliseconds of the frozen base on as many images
 * @param augmentation milliseconds of making the batches and doing nothing with them
 */
public record HeadEpoch(int images, int threads, double training, double inference, double augmentation) {
  private static final int BATCH = 32;
  private static final int BATCHES = 24;
  private static final int ROUNDS = 5;
  private static final long SEED = 42;

  /**
   * Measures; each part takes its turn, round by round.
   *
   * @param batches of an epoch
   */
  static HeadEpoch measure(Model model, int threads, int batches, int rounds) {
    Network network = model.architecture().withHead(new Head.Transfer(1, 0.3)).network();
    Network base = model.architecture().withHead(new Head.Features()).network();
    Weights weights = Initializer.weights(network, SEED).with(model.weights().matching(base)).matching(network);
    var shape = network.shape(network.inputNode().name());
    TrainingImages data = images(batches, shape.extent(0), shape.extent(1), Normalization.of(model.scaling()));
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, base.nodes().size()), BatchNormMode.TRAINING,
        new Loss.BinaryCrossEntropy(), Optional.of(Optimizer.Adam.keras()));
    try (Device device = Backends.named("cpu").open(new DeviceOptions(threads));
        ParameterBank bank = device.load(network, weights);
        ParameterBank frozen = device.load(base, weights.matching(base));
        Executable training =
            device.compile(Planner.training(network, BATCH, spec, device.fusions(), Set.of()), bank);
        Executable inference =
            device.compile(Planner.inference(base, BATCH, device.fusions(), Set.of()), frozen)) {
      var times = new ArrayList<double[]>();
      // the first round is thrown away
      for (int round = -1; round < rounds; round++) {
        int epoch = round + 2;
        double[] taken = {millis(() -> train(training, data, epoch)), millis(() -> infer(inference, data, epoch)),
            millis(() -> augment(data, epoch))};
        if (round >= 0) {
          times.add(taken);
        }
      }
      double[] medians = Median.ofEach(times);
      return new HeadEpoch(data.samples(), threads, medians[0], medians[1], medians[2]);
    }
  }

  /** As the other, of some hundred images; it takes under a minute. */
  public static HeadEpoch measure(Model model, int threads) {
    return measure(model, threads, BATCHES, ROUNDS);
  }

  private static TrainingImages images(int batches, int height, int width, Normalization normalization) {
    var random = new Random(SEED);
    var drawn = IntStream.range(0, BATCH).mapToObj(_ -> {
      byte[] rgb = new byte[3 * height * width];
      random.nextBytes(rgb);
      return new RgbImage(height, width, rgb);
    }).toList();
    List<Sample> samples =
        IntStream.range(0, batches * BATCH).mapToObj(i -> new Sample(i % BATCH, i % 2, 1)).toList();
    return new TrainingImages(Pixels.of(drawn), samples, new BatchSource.Settings(BATCH, 1, normalization, 1),
        Regime.of(Augmentation.DEFAULT), SEED);
  }

  private static void train(Executable training, TrainingImages data, int epoch) {
    try (Batches batches = data.epoch(1, epoch, 0)) {
      for (int i = 0; i < data.batches(); i++) {
        training.run(batches.next(), new RunState(SEED, 1, (long) epoch * data.batches() + i + 1, 3e-4));
      }
    }
  }

  private static void infer(Executable inference, TrainingImages data, int epoch) {
    try (Batches batches = data.epoch(1, epoch, 0)) {
      Batch batch = Batch.of(batches.next().images());
      for (int i = 0; i < data.batches(); i++) {
        inference.run(batch, RunState.inference());
      }
    }
  }

  private static void augment(TrainingImages data, int epoch) {
    try (Batches batches = data.epoch(1, epoch, 0)) {
      for (int i = 0; i < data.batches(); i++) {
        batches.next();
      }
    }
  }

  private static double millis(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  /** Training divided by the sum of the others. */
  public double ratio() {
    return training / (inference + augmentation);
  }

  /** For people. */
  public String text() {
    return String.format(Locale.ROOT,
        "Head of a frozen base, %d images, threads %d: training %.0f ms, inference alone %.0f ms, augmentation alone %.0f ms;"
            + " training / the sum of both %.2f%n",
        images, threads, training, inference, augmentation, ratio());
  }

  /** For programs. */
  public Map<String, Object> document() {
    var document = new LinkedHashMap<String, Object>();
    document.put("images", images);
    document.put("threads", threads);
    document.put("training_ms", training);
    document.put("inference_ms", inference);
    document.put("augmentation_ms", augmentation);
    document.put("ratio", ratio());
    return document;
  }
}
