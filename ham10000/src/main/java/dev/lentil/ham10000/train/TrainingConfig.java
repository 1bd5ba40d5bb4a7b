package dev.lentil.ham10000.train;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.DeviceChoice;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Precision;
import dev.lentil.ham10000.Devices;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Regime;
import dev.lentil.ham10000.data.Sampling;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.evaluate.EvaluationOptions;
import dev.lentil.ham10000.evaluate.LesionBootstrap;
import dev.lentil.ham10000.image.Augmentation;
import dev.lentil.ham10000.image.ColourJitter;
import dev.lentil.io.FileReason;
import dev.lentil.mobilenetv2.Cut;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.image.Resize;
import dev.lentil.mobilenetv2.image.Views;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.train.AucKind;
import dev.lentil.train.EarlyStopping;
import dev.lentil.train.FinalWeights;
import dev.lentil.train.Monitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoublePredicate;

/**
 * How to train: every setting as its type, checked. Defaults are the values of Sari and Irawan 2026 where the paper states
 * them. A run's folder holds the configuration that it used as {@code config.properties}.
 */
public final class TrainingConfig {
  /** How training samples are weighted. */
  enum ClassWeights { BALANCED, NONE }

  /** How the binary loss is calculated. */
  enum LossKind { LOGITS, KERAS }

  /** How lesions are divided into subsets. */
  enum SplitKind { PAPER, KFOLD }

  /** How the learning rate changes over a stage. */
  enum ScheduleKind { CONSTANT, COSINE }

  /** The settings of one stage. */
  record StageConfig(int epochs, double learningRate, ScheduleKind schedule, double warmUp, double layerDecay) {}

  /**
   * A setting that was given.
   *
   * @param text {@code key=value}
   */
  record Assignment(String text, Origin origin) {
    static Assignment onCommandLine(String option, String text) {
      return new Assignment(text, Origin.commandLine(option));
    }
  }

  /** The network's input, in pixels. */
  public record Resolution(int height, int width) {}

  private final Settings settings;
  private final TypedSettings values;

  private TrainingConfig(Settings settings) {
    this.settings = settings;
    values = new TypedSettings(settings);
    // reading everything once finds every error before anything is done
    data();
    cache();
    weights();
    backend();
    seed();
    splitKind();
    splitSeed();
    fold();
    task();
    alpha();
    resolution();
    scaling();
    resize();
    dropout();
    classWeights();
    regime();
    weightAveraging();
    weightDecay();
    batch();
    stage1();
    stage2();
    emptyCut();
    batchNorm();
    batchNormMomentum();
    stopping();
    finalWeights();
    auc();
    loss();
    deviceOptions();
    evaluationBatch();
    views();
    evaluatesTest();
    evaluation();
    checkpointBatches();
    checkpointInterval();
  }

  /** Every setting's default. */
  public static TrainingConfig defaults() {
    return new TrainingConfig(Settings.defaults());
  }

  /**
   * Reads configuration files, one after the other, then assignments; what comes later counts.
   *
   * @param assignments {@code key=value}
   * @throws UserError about the first thing that is wrong: a {@link ConfigException} where that stands in a file, and where it
   * is an assignment or a recipe a {@link dev.lentil.ham10000.UsageError}
   */
  public static TrainingConfig of(List<Path> files, List<String> assignments) {
    return of(Optional.empty(), files, assignments);
  }

  /** The same on top of a recipe. */
  public static TrainingConfig of(Optional<Recipe> recipe, List<Path> files, List<String> assignments) {
    return ofAssignments(recipe, files,
        assignments.stream().map(text -> new Assignment(text, Origin.SET)).toList());
  }

  /**
   * The same from the text of a configuration file that comes with Lentil.
   *
   * @param name of the text, for errors
   */
  public static TrainingConfig parse(String text, String name, List<String> assignments) {
    Settings settings = Settings.defaults().withText(text, Origin.commandLine(name));
    for (String assignment : assignments) {
      settings = settings.with(assignment);
    }
    return new TrainingConfig(settings);
  }

  /** The same of assignments that stand in several places. */
  static TrainingConfig ofAssignments(Optional<Recipe> recipe, List<Path> files, List<Assignment> assignments) {
    Settings settings = Settings.defaults();
    if (recipe.isPresent()) {
      settings = settings.withText(recipe.get().text(), Origin.commandLine("recipe " + recipe.get()));
    }
    for (Path file : files) {
      settings = settings.with(file);
    }
    for (Assignment assignment : assignments) {
      settings = settings.assign(assignment.text(), assignment.origin());
    }
    return new TrainingConfig(settings);
  }

  /** The text of a configuration file with these values, every key explained. */
  public String file() {
    return settings.file();
  }

  /** Key and value, in the order of the file. */
  public Map<String, String> asMap() {
    return settings.asMap();
  }

  public Path data() {
    return Path.of(values.text(Setting.DATA, "name the folder of HAM10000"));
  }

  /**
   * The metadata in the data folder.
   *
   * @throws ConfigException if there is none, or it cannot be seen whether there is
   */
  Path metadata() {
    Path file = data().resolve(Metadata.FILE_NAME);
    FileReason.unreachable(file).ifPresent(reason -> {
      throw settings.misfit(Setting.DATA, Metadata.FILE_NAME + " in it cannot be read (" + reason
          + "), check the path and its permissions");
    });
    if (!Files.exists(file)) {
      throw settings.misfit(Setting.DATA,
          "there is no " + Metadata.FILE_NAME + " in it; name the folder that holds it, "
              + "for example with --set " + Setting.DATA.key() + "=FOLDER");
    }
    return file;
  }

  public Path cache() {
    return Path.of(values.text(Setting.CACHE, "name a folder"));
  }

  public Path weights() {
    return Path.of(values.text(Setting.WEIGHTS, "name a weight file"));
  }

  public long seed() {
    return values.whole(Setting.SEED, 0, Long.MAX_VALUE);
  }

  public long splitSeed() {
    return values.whole(Setting.SPLIT_SEED, 0, 0xFFFF_FFFFL);
  }

  /** The images of a data set, split as configured. */
  public Split split(Metadata metadata) {
    return switch (splitKind()) {
      case PAPER -> Split.of(metadata, task(), splitSeed());
      case KFOLD -> Split.fold(metadata, task(), splitSeed(), folds(), fold());
    };
  }

  /** The split in a few words. */
  String splitText() {
    return (splitKind() == SplitKind.KFOLD ? "fold " + fold() + " of " + folds() + ", " : "") + "seed " + splitSeed();
  }

  private SplitKind splitKind() {
    return values.choice(Setting.SPLIT, SplitKind.values(), TypedSettings::lower);
  }

  private int folds() {
    return (int) values.whole(Setting.SPLIT_FOLDS, 2, 1000);
  }

  private int fold() {
    return (int) values.whole(Setting.SPLIT_FOLD, 1, folds());
  }

  public Task task() {
    return values.choice(Setting.MODE, Task.values(), Task::toString);
  }

  public double alpha() {
    return values.real(Setting.ALPHA, a -> a > 0 && a <= 4, "use a number above 0 and at most 4, such as 1.0 or 0.35");
  }

  public Resolution resolution() {
    String remedy = "write height x width in pixels, from 32 to 1024, for example 224x224";
    String[] parts = settings.text(Setting.RESOLUTION).split("x", -1);
    try {
      int height = Integer.parseInt(parts[0].strip());
      int width = Integer.parseInt(parts[parts.length - 1].strip());
      if (parts.length == 2 && Math.min(height, width) >= 32 && Math.max(height, width) <= 1024) {
        return new Resolution(height, width);
      }
    } catch (NumberFormatException e) {
      throw settings.error(Setting.RESOLUTION, remedy, e);
    }
    throw settings.error(Setting.RESOLUTION, remedy);
  }

  public InputScaling scaling() {
    return values.choice(Setting.NORMALIZATION, InputScaling.values(), InputScaling::text);
  }

  /**
   * Requires that the base is trained on the input that its weights were made for, or that somebody wants another: a default
   * is nobody's wish.
   *
   * @throws ConfigException if the default is not what the weights are for
   */
  void requireScalingOf(InputScaling base) {
    if (scaling() != base && settings.isDefault(Setting.NORMALIZATION)) {
      String key = Setting.NORMALIZATION.key();
      throw settings.misfit(Setting.NORMALIZATION, weights() + " has weights for an input of " + base.text()
          + "; take that with --set \"" + key + "=" + base.text() + "\", or the default all the same with --set " + key
          + "="
          + scaling().text());
    }
  }

  public Resize resize() {
    return values.choice(Setting.RESIZE, Resize.values(), Resize::toString);
  }

  public double dropout() {
    return values.real(Setting.DROPOUT, d -> d >= 0 && d < 1, "use a number from 0 to less than 1");
  }

  ClassWeights classWeights() {
    return values.choice(Setting.CLASS_WEIGHTS, ClassWeights.values(), TypedSettings::lower);
  }

  /** How training images are shown. */
  public Regime regime() {
    return new Regime(augmentation(), values.choice(Setting.SAMPLING, Sampling.values(), Sampling::toString),
        values.real(Setting.LABEL_SMOOTHING, s -> s >= 0 && s < 0.5, "use a number from 0 to less than 0.5"));
  }

  private Augmentation augmentation() {
    DoublePredicate part = x -> x >= 0 && x < 1;
    String remedy = "use a number from 0 to less than 1";
    boolean turns = values.truth(Setting.QUARTER_TURNS);
    if (turns && !square()) {
      throw settings.error(Setting.QUARTER_TURNS,
          "an image that is not square cannot be turned; use false, or the same "
              + "height and width for " + Setting.RESOLUTION.key());
    }
    return new Augmentation(
        values.real(Setting.ROTATION, r -> r >= 0 && r <= 180, "use degrees from 0 to 180"),
        values.real(Setting.HEIGHT_SHIFT, part, remedy), values.real(Setting.WIDTH_SHIFT, part, remedy),
        values.real(Setting.ZOOM, part, remedy), values.truth(Setting.HORIZONTAL_FLIP),
        values.truth(Setting.VERTICAL_FLIP), turns,
        new ColourJitter(values.real(Setting.BRIGHTNESS, part, remedy), values.real(Setting.CONTRAST, part, remedy),
            values.real(Setting.SATURATION, s -> s >= 0 && s <= 1, "use a number from 0 to 1"),
            values.real(Setting.HUE, h -> h >= 0 && h <= 0.5, "use a number from 0 to 0.5")));
  }

  public int batch() {
    return (int) values.whole(Setting.BATCH, 1, 4096);
  }

  StageConfig stage1() {
    return new StageConfig((int) values.whole(Setting.STAGE1_EPOCHS, 1, 100_000), values.rate(Setting.STAGE1_RATE),
        values.choice(Setting.STAGE1_SCHEDULE, ScheduleKind.values(), TypedSettings::lower),
        warmUp(Setting.STAGE1_WARM_UP),
        1);
  }

  StageConfig stage2() {
    return new StageConfig((int) values.whole(Setting.STAGE2_EPOCHS, 0, 100_000), values.rate(Setting.STAGE2_RATE),
        values.choice(Setting.STAGE2_SCHEDULE, ScheduleKind.values(), TypedSettings::lower),
        warmUp(Setting.STAGE2_WARM_UP),
        values.real(Setting.STAGE2_LAYER_DECAY, d -> d > 0 && d <= 1, "use a number above 0 and at most 1"));
  }

  private double warmUp(Setting setting) {
    return values.real(setting, epochs -> epochs >= 0 && epochs <= 100_000, "use a number of epochs, 0 or more");
  }

  /** The decay of the moving average of the weights, if they are averaged. */
  OptionalDouble weightAveraging() {
    return settings.text(Setting.WEIGHT_AVERAGING).equals("none")
        ? OptionalDouble.empty()
        : OptionalDouble.of(values.real(Setting.WEIGHT_AVERAGING, d -> d >= 0 && d < 1,
            "use none, or a number from 0 to less than 1"));
  }

  double weightDecay() {
    return values.real(Setting.WEIGHT_DECAY, d -> d >= 0 && d <= 1, "use a number from 0 to 1");
  }

  /** Read with {@link Cut#parse}, which needs the network. */
  public String cut() {
    return values.text(Setting.STAGE2_CUT, "name a preset or a layer");
  }

  /** An error about the cut. */
  UserError cutError(String remedy, Throwable cause) {
    return settings.error(Setting.STAGE2_CUT, remedy, cause);
  }

  Cut.Empty emptyCut() {
    return values.truth(Setting.ALLOW_EMPTY_CUT) ? Cut.Empty.ALLOWED : Cut.Empty.REFUSED;
  }

  public BatchNormMode batchNorm() {
    return values.choice(Setting.BATCH_NORM, BatchNormMode.values(), TypedSettings::lower);
  }

  public double batchNormMomentum() {
    return values.real(Setting.BATCH_NORM_MOMENTUM, m -> m >= 0 && m < 1, "use a number from 0 to less than 1");
  }

  EarlyStopping stopping() {
    int patience = (int) values.whole(Setting.PATIENCE, 0, 100_000);
    Monitor monitor = values.choice(Setting.MONITOR, Monitor.values(), m -> m.name().toLowerCase(Locale.ROOT));
    return patience == 0 ? EarlyStopping.never(monitor) : new EarlyStopping(monitor, patience);
  }

  FinalWeights finalWeights() {
    return values.truth(Setting.RESTORE_BEST) ? FinalWeights.BEST : FinalWeights.LAST;
  }

  AucKind auc() {
    AucKind auc = values.choice(Setting.AUC, AucKind.values(), TypedSettings::lower);
    if (auc == AucKind.KERAS && task() != Task.BINARY) {
      throw settings.error(Setting.AUC, "use exact; Keras's AUC is for mode binary");
    }
    return auc;
  }

  LossKind loss() {
    LossKind loss = values.choice(Setting.LOSS, LossKind.values(), TypedSettings::lower);
    if (loss == LossKind.KERAS && task() != Task.BINARY) {
      throw settings.error(Setting.LOSS, "use logits; the other form is for mode binary");
    }
    return loss;
  }

  public String backend() {
    String name = values.text(Setting.BACKEND, "use cpu");
    try {
      Devices.requireName(name);
    } catch (BackendException e) {
      throw settings.error(Setting.BACKEND, e.getMessage(), e);
    }
    return name;
  }

  private Precision precision() {
    try {
      return Precision.of(settings.text(Setting.PRECISION));
    } catch (IllegalArgumentException e) {
      throw settings.error(Setting.PRECISION, "use float32, tf32 or bfloat16");
    }
  }

  /**
   * What calculates.
   *
   * @throws UserError if that is a graphics card, and the program was started without what works on those
   */
  public DeviceChoice device() {
    return Devices.of(backend(), deviceOptions());
  }

  public DeviceOptions deviceOptions() {
    DeviceOptions options = settings.text(Setting.THREADS).equals("all")
        ? DeviceOptions.defaults()
        : new DeviceOptions((int) values.whole(Setting.THREADS, 1, 1024));
    return options.withPrecision(precision());
  }

  public int evaluationBatch() {
    return (int) values.whole(Setting.EVALUATION_BATCH, 1, 4096);
  }

  /** What the evaluation in the end looks at. */
  public Views views() {
    Views views = values.choice(Setting.EVALUATION_VIEWS, Views.values(), Views::toString);
    if (views.needsSquare() && !square()) {
      throw settings.error(Setting.EVALUATION_VIEWS,
          "an image that is not square cannot be turned; use flips, or the same "
              + "height and width for " + Setting.RESOLUTION.key());
    }
    return views;
  }

  private boolean square() {
    return resolution().height() == resolution().width();
  }

  /** Whether the test images are predicted in the end. */
  public boolean evaluatesTest() {
    return values.truth(Setting.EVALUATION_TEST);
  }

  EvaluationOptions evaluation() {
    return new EvaluationOptions(LesionBootstrap.DEFAULT,
        values.real(Setting.TARGET_SENSITIVITY, t -> t > 0 && t <= 1,
            "use a number above 0 and at most 1, such as 0.9"),
        values.real(Setting.FALSE_NEGATIVE_COST, c -> c > 0 && c <= 1e6, "use a number above 0, such as 10"));
  }

  int checkpointBatches() {
    return (int) values.whole(Setting.CHECKPOINT_BATCHES, 1, Integer.MAX_VALUE);
  }

  Duration checkpointInterval() {
    return Duration.ofSeconds(values.whole(Setting.CHECKPOINT_SECONDS, 0, 1_000_000));
  }
}
