package dev.lentil.ham10000.demo;

import dev.lentil.backend.Backends;
import dev.lentil.backend.DeviceOptions;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The base of the demonstration: a small MobileNetV2 that Lentil trained, from nothing, to tell the pictures of
 * {@link PretextPainter} apart. It comes with Lentil; {@link #train} makes it again.
 */
public final class DemoBase {
  /** The network's width; the file must stay small. */
  static final double ALPHA = 0.25;
  /** Side of the pictures, in pixels. */
  static final int SIZE = 64;
  /** Keras's 0.999 would take thousands of steps to move. */
  static final double MOMENTUM = 0.9;

  private static final String RESOURCE = "base.safetensors";
  private static final long SEED = 1;
  private static final int BATCH = 64;
  private static final int PICTURES_AN_EPOCH = 720 * PretextPainter.CLASSES;
  private static final double PEAK_RATE = 2e-3;
  private static final int WARM_UP = 100;

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
      throw new UncheckedIOException(copy + " cannot be written: " + e.getMessage(), e);
    }
    return ModelFile.read(copy);
  }

  /**
   * Trains the base on the pretext task and writes it, after every epoch.
   *
   * @param epochs of {@value #PICTURES_AN_EPOCH} pictures
   * @return the epochs
   */
  public static List<EpochRecord> train(Path file, int epochs, PrintWriter screen) {
    var task = new PretextTask(SEED, SIZE, PICTURES_AN_EPOCH, BATCH, Runtime.getRuntime().availableProcessors());
    var data = task.training();
    Network network = architecture(new Head.Transfer(PretextPainter.CLASSES, 0)).network();
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 0), BatchNormMode.TRAINING,
        new Loss.CategoricalCrossEntropy(), Optional.of(Optimizer.Adam.keras()));
    var schedule = new Schedule.CosineWithWarmUp(PEAK_RATE, 0, WARM_UP, (long) epochs * data.batches());
    var stage = new Stage("pretext", spec, epochs, schedule, EarlyStopping.never(Monitor.VAL_LOSS), FinalWeights.LAST);
    var settings = new Trainer.Settings(SEED, List.of(stage), AucKind.EXACT, Optional.empty());
    var printer = new ProgressPrinter(screen, ProgressPrinter.Style.detect());
    try (var device = Backends.named("cpu").open(DeviceOptions.defaults());
        var bank = device.load(network, Initializer.weights(network, SEED))) {
      return new Trainer(device, bank, settings, data, task.validation(), event -> {
        printer.accept(event);
        if (event instanceof TrainingEvent.EpochDone e) {
          ModelFile.write(file, new Model(architecture(new Head.Features()), InputScaling.MINUS_ONE_TO_ONE,
              bank.snapshot(), Map.of("trained_on", PretextPainter.CLASSES + " classes of drawn pebbles",
                  "made_by", "./lentil demo --train-base FILE --epochs " + epochs + ", as it was after epoch "
                      + e.epoch().epoch(),
                  "validation_accuracy", Double.toString(e.epoch().validation().accuracy()))));
        }
      }).run();
    }
  }
}
