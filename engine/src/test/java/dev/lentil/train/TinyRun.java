package dev.lentil.train;

import dev.lentil.backend.Availability;
import dev.lentil.backend.Backend;
import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.ParameterBank;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Padding;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A two-stage run that takes milliseconds: 22 made-up images in batches of 8, 8 and 6, a network of two convolutions. */
record TinyRun(int threads, int epochs, int patience, FinalWeights finalWeights, int outputs,
    OptionalDouble averaging) {
  static final long SEED = 42;
  static final int SAMPLES = 22;
  private static final int BATCH = 8;

  TinyRun(int threads, int epochs, int patience, FinalWeights finalWeights, int outputs) {
    this(threads, epochs, patience, finalWeights, outputs, OptionalDouble.empty());
  }

  static TinyRun standard() {
    return new TinyRun(1, 3, 10, FinalWeights.BEST, 1);
  }

  TinyRun withThreads(int count) {
    return new TinyRun(count, epochs, patience, finalWeights, outputs, averaging);
  }

  /** With averaged weights, a slow layer and weight decay. */
  TinyRun withAveraging() {
    return new TinyRun(threads, epochs, patience, finalWeights, outputs, OptionalDouble.of(0.5));
  }

  /** What a run left behind. */
  record Result(Weights weights, List<EpochRecord> history) {
    boolean sameBits(Result other) {
      return bits(weights).equals(bits(other.weights));
    }

    /** Every number of the history but the times. */
    List<String> numbers() {
      return history.stream()
          .map(e -> e.stage() + " " + e.epoch() + " " + e.learningRate() + e.training() + e.validation())
          .toList();
    }

    static Map<String, List<Long>> bits(Weights weights) {
      var bits = new LinkedHashMap<String, List<Long>>();
      weights.tensors().forEach((name, tensor) -> {
        var values = new ArrayList<Long>();
        for (int i = 0; i < tensor.shape().size(); i++) {
          values.add(Double.doubleToRawLongBits(tensor.get(i)));
        }
        bits.put(name, values);
      });
      return bits;
    }
  }

  /** The names of the backends that can run here. */
  static Stream<String> backends() {
    return Backends.all().stream().filter(b -> b.probe() instanceof Availability.Available).map(Backend::name);
  }

  Network network() {
    Network.Builder network = Network.builder();
    network.add(new Layer.Input("input", Shape.of(7, 6, 3)));
    network.add(new Layer.Conv2d("stem", 8, 3, 2, Padding.KERAS, false));
    network.add(new Layer.BatchNorm("stem_bn", 1e-3, 0.9));
    network.add(new Layer.Relu6("stem_relu"));
    network.add(new Layer.DepthwiseConv2d("depthwise", 3, 1, Padding.KERAS));
    network.add(new Layer.BatchNorm("depthwise_bn", 1e-3, 0.9));
    network.add(new Layer.Relu6("depthwise_relu"));
    network.add(new Layer.GlobalAveragePool("pool"));
    network.add(new Layer.Dropout("dropout", 0.3));
    network.add(new Layer.Dense("predictions", outputs));
    network.add(outputs == 1 ? new Layer.Sigmoid("head") : new Layer.Softmax("head"));
    return network.build();
  }

  Weights firstWeights() {
    var tensors = new LinkedHashMap<String, Tensor>();
    int number = 0;
    for (ParameterSpec spec : network().parameters()) {
      float[] values = new float[spec.shape().size()];
      Philox random = Philox.at(SEED, 0, 0, RandomUse.TEST.operation(number++));
      for (int i = 0; i < values.length; i++) {
        float u = random.uniform(i, 0) - 0.5f;
        values[i] = switch (spec.role()) {
          case KERNEL -> u;
          case BIAS, BETA, MOVING_MEAN -> u / 10;
          case GAMMA, MOVING_VARIANCE -> 1 + u / 10;
        };
      }
      tensors.put(spec.name(), Tensor.of(spec.shape(), values));
    }
    return new Weights(tensors);
  }

  List<Stage> stages() {
    Loss loss = outputs == 1 ? new Loss.BinaryCrossEntropy() : new Loss.CategoricalCrossEntropy();
    var head =
        new TrainingSpec(Set.of("predictions"), BatchNormMode.TRAINING, loss, Optional.of(Optimizer.Adam.keras()));
    var all = new TrainingSpec(TrainingSpec.layersFrom(network(), 4), BatchNormMode.TRAINING, loss,
        Optional.of(Optimizer.Adam.keras().withWeightDecay(averaging.isPresent() ? 0.1 : 0)),
        averaging.isPresent() ? Map.of("depthwise", 0.5) : Map.of());
    var stopping = new EarlyStopping(Monitor.VAL_AUC, patience);
    return List.of(new Stage("head", head, epochs, new Schedule.Constant(1e-2), stopping, finalWeights,
        averaging),
        new Stage("fine-tuning", all, epochs, new Schedule.CosineWithWarmUp(1e-2, 0, 2, 3L * epochs), stopping,
            finalWeights, averaging));
  }

  /** Sample {@code i}: noise, brighter in the channel of its class. */
  private Batch batch(Philox noise, int[] samples) {
    Shape image = network().shape("input");
    float[] images = new float[samples.length * image.size()];
    float[] labels = new float[samples.length * outputs];
    float[] weights = new float[samples.length];
    for (int s = 0; s < samples.length; s++) {
      int label = samples[s] % (outputs == 1 ? 2 : outputs);
      labels[outputs == 1 ? s : s * outputs + label] = outputs == 1 ? label : 1;
      weights[s] = label == 0 ? 0.7f : 1.6f;
      for (int i = 0; i < image.size(); i++) {
        images[s * image.size() + i] =
            2 * noise.uniform(samples[s], i) - 1 + (i % 3 == label % 3 ? 0.5f : 0);
      }
    }
    return new Batch(Tensor.of(image.batched(samples.length), images),
        Tensor.of(Shape.of(samples.length, outputs), labels), Tensor.of(Shape.of(samples.length), weights));
  }

  /** Shuffled and with new noise in every epoch, as augmentation would. */
  TrainingData data() {
    return new TrainingData() {
      @Override
      public int samples() {
        return SAMPLES;
      }

      @Override
      public int batchSize() {
        return BATCH;
      }

      @Override
      public Batches epoch(int stage, int epoch, int firstBatch) {
        int[] order = Philox.at(SEED, stage, epoch, RandomUse.SHUFFLE.operation()).permutation(SAMPLES);
        Philox noise = Philox.at(SEED, stage, epoch, RandomUse.AUGMENTATION.operation());
        var batches = new ArrayList<Batch>();
        for (int from = firstBatch * BATCH; from < SAMPLES; from += BATCH) {
          batches.add(batch(noise, Arrays.copyOfRange(order, from, Math.min(SAMPLES, from + BATCH))));
        }
        return Batches.of(batches);
      }
    };
  }

  EvaluationData validation() {
    Philox noise = Philox.at(SEED, 0, 0, RandomUse.SYNTHETIC_DATA.operation());
    return () -> Batches
        .of(List.of(batch(noise, new int[] {0, 1, 2, 3, 4, 5, 6, 7}), batch(noise, new int[] {8, 9, 10})));
  }

  Trainer.Settings settings(Optional<Path> checkpoint) {
    return new Trainer.Settings(SEED, stages(), AucKind.EXACT,
        checkpoint.map(file -> new Checkpointing(new CheckpointFile(file), 1, Duration.ofHours(1))));
  }

  /** Runs from the start, or from the checkpoint if there is one. */
  Result run(String backend, Optional<Path> checkpoint, Consumer<TrainingEvent> listener) {
    return run(backend, settings(checkpoint), validation(), (_, event) -> listener.accept(event));
  }

  /** As {@link #run(String, Optional, Consumer)}, with a listener that may stop the trainer. */
  Result run(String backend, Trainer.Settings settings, EvaluationData validation,
      BiConsumer<Trainer, TrainingEvent> listener) {
    try (Device device = Backends.named(backend).open(new DeviceOptions(threads));
        ParameterBank bank = device.load(network(), firstWeights())) {
      var trainer = new Trainer[1];
      trainer[0] = new Trainer(device, bank, settings, data(), validation,
          event -> listener.accept(trainer[0], event));
      var latest = settings.checkpointing().flatMap(checkpointing -> checkpointing.file().latest());
      var history = latest.isPresent() ? trainer[0].resume(latest.get().checkpoint()) : trainer[0].run();
      return new Result(bank.snapshot(), history);
    }
  }
}
