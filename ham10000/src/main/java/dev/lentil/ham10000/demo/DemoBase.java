package dev.lentil.ham10000.demo;

import dev.lentil.backend.DeviceChoice;
import dev.lentil.ham10000.Reason;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.train.AucKind;
import dev.lentil.train.EarlyStopping;
import dev.lentil.train.EpochRecord;
import dev.lentil.train.FinalWeights;
import dev.lentil.train.Monitor;
import dev.lentil.train.ProgressPrinter;
import dev.lentil.train.Schedule;
import dev.lentil.train.Stage;
import dev.lentil.train.Trainer;
import dev.lentil.train.TrainingEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The base of the demonstration: a small MobileNetV2 that Lentil trained, from nothing, to tell the pictures of
 * {@link PretextPainter} apart. It comes with Lentil; {@link #train} makes it again.
 */
public final class DemoBase {
  /** The network's width; the file must stay small. */
  static final double ALPHA = 0.25;
  /** Side of the pictures, in pixels. */
  static final int SIZE = 48;
  /** Keras's 0.999 would take thousands of steps to move. */
  static final double MOMENTUM = 0.9;
  /** Of the training that made the base that comes with Lentil. */
  public static final int EPOCHS = 24;

  /** The note in the file that says how it was made. */
  static final String COMMAND = "made_by";
  /** The note in the file with the share of validation pictures told right. */
  static final String ACCURACY = "validation_accuracy";

  private static final String RESOURCE = "base.safetensors";
  private static final long SEED = 1;
  private static final int BATCH = 32;
  private static final int PICTURES = 1000 * PretextPainter.CLASSES;
  private static final double PEAK_RATE = 2e-3;
  private static final int WARM_UP = 60;

  private DemoBase() {}

  private static MobileNetV2 architecture(Head head) {
    return MobileNetV2.keras(ALPHA, SIZE, SIZE, head).withBnMomentum(MOMENTUM);
  }

  /** The base that comes with Lentil, copied to a file. */
  static Model open(Path copy) {
    try (var in = DemoBase.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the demonstration's base " + RESOURCE + " is not in this build");
      }
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(copy + ": cannot be written (" + Reason.of(e) + ")", e);
    }
    return ModelFile.read(copy);
  }

  /** A base that has learned nothing: what the demonstration is to be compared with. */
  static Model untrained(long seed) {
    var architecture = architecture(new Head.Features());
    return new Model(architecture, InputScaling.MINUS_ONE_TO_ONE, Initializer.weights(architecture.network(), seed),
        Map.of());
  }

  /**
   * Trains the base on the pretext task and writes it, after every epoch. The same epochs give the same bytes on the
   * same build and type of machine.
   *
   * @param epochs of {@value #PICTURES} pictures
   * @param device what calculates
   * @return the epochs
   */
  public static List<EpochRecord> train(Path file, int epochs, DeviceChoice device, PrintWriter screen) {
    return train(file, epochs, device, PretextTask.paint(SEED, SIZE, PICTURES, BATCH), screen);
  }

  static List<EpochRecord> train(Path file, int epochs, DeviceChoice choice, PretextTask task, PrintWriter screen) {
    var data = task.training();
    Network network = architecture(new Head.Transfer(PretextPainter.CLASSES, 0)).network();
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 0), BatchNormMode.TRAINING,
        new Loss.CategoricalCrossEntropy(), Optional.of(Optimizer.Adam.keras()));
    long steps = (long) epochs * data.batches();
    var schedule = new Schedule.CosineWithWarmUp(PEAK_RATE, 0, Math.min(WARM_UP, steps / 2), steps);
    var stage = new Stage("pretext", spec, epochs, schedule, EarlyStopping.never(Monitor.VAL_LOSS), FinalWeights.LAST,
        OptionalDouble.empty());
    var settings = new Trainer.Settings(SEED, List.of(stage), AucKind.EXACT, Optional.empty());
    var printer = new ProgressPrinter(screen, ProgressPrinter.Style.detect());
    try (var device = choice.open();
        var bank = device.load(network, Initializer.weights(network, SEED))) {
      return new Trainer(device, bank, settings, data, task.validation(), event -> {
        printer.accept(event);
        if (event instanceof TrainingEvent.EpochDone e) {
          ModelFile.write(file, model(bank.snapshot(), epochs, e.epoch()));
        }
      }).run();
    }
  }

  private static Model model(Weights trained, int epochs, EpochRecord epoch) {
    var architecture = architecture(new Head.Features());
    var names = architecture.network().parameters().stream().map(ParameterSpec::name).toList();
    var base = new LinkedHashMap<>(trained.tensors());
    base.keySet().retainAll(names);
    return new Model(architecture, InputScaling.MINUS_ONE_TO_ONE, new Weights(base),
        Map.of("trained_on", PretextPainter.CLASSES + " classes of drawn pebbles, epoch " + epoch.epoch() + " of "
            + epochs, COMMAND, "./lentil demo --train-base FILE --epochs " + epochs, "seed", Long.toString(SEED),
            ACCURACY, Double.toString(epoch.validation().accuracy())));
  }
}
