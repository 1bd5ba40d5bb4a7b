package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UsageError;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Regime;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.image.Augmentation;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.image.Resize;
import dev.lentil.mobilenetv2.image.Views;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.train.AucKind;
import dev.lentil.train.EarlyStopping;
import dev.lentil.train.FinalWeights;
import dev.lentil.train.Monitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingConfigTest {
  @TempDir
  Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("my.properties"), text);
  }

  private static String message(List<Path> files, String... assignments) {
    var error = assertThrows(UserError.class, () -> TrainingConfig.of(files, List.of(assignments)));
    assertEquals(assignments.length > 0, error instanceof UsageError);
    return error.getMessage();
  }

  @Test
  void theDefaultsAreThePapers() {
    var config = TrainingConfig.defaults();
    assertEquals(42, config.seed());
    assertEquals(42, config.splitSeed());
    assertEquals(Task.BINARY, config.task());
    assertEquals(new TrainingConfig.Resolution(224, 224), config.resolution());
    assertEquals(InputScaling.MINUS_ONE_TO_ONE, config.scaling());
    assertEquals(Resize.BILINEAR, config.resize());
    assertEquals(TrainingConfig.ClassWeights.BALANCED, config.classWeights());
    assertEquals(TrainingConfig.LossKind.LOGITS, config.loss());
    assertEquals(0.3, config.dropout());
    assertEquals(32, config.batch());
    assertEquals(new TrainingConfig.StageConfig(10, 3e-4, TrainingConfig.ScheduleKind.CONSTANT, 1, 1), config.stage1());
    assertEquals(new TrainingConfig.StageConfig(20, 1e-5, TrainingConfig.ScheduleKind.CONSTANT, 1, 1), config.stage2());
    assertEquals("paper-literal", config.cut());
    assertEquals(new EarlyStopping(Monitor.VAL_AUC, 6), config.stopping());
    assertEquals(FinalWeights.BEST, config.finalWeights());
    assertEquals(BatchNormMode.TRAINING, config.batchNorm());
    assertEquals(0.999, config.batchNormMomentum());
    assertEquals(AucKind.EXACT, config.auc());
    assertEquals(Regime.of(Augmentation.DEFAULT), config.regime());
    assertEquals(OptionalDouble.empty(), config.weightAveraging());
    assertEquals(0, config.weightDecay());
    assertTrue(config.evaluatesTest());
  }

  @Test
  void aFileThenAssignmentsCount() throws IOException {
    var config =
        TrainingConfig.of(List.of(file("# a comment\nseed = 7\nstage2.cut=block_13_expand\nresolution: 96x128\n")),
            List.of("seed=8", "batch = 16"));
    assertEquals(8, config.seed());
    assertEquals("block_13_expand", config.cut());
    assertEquals(new TrainingConfig.Resolution(96, 128), config.resolution());
    assertEquals(16, config.batch());
  }

  @Test
  void theFileItPrintsReadsBackAndExplainsEveryKey() throws IOException {
    var config = TrainingConfig.of(List.of(), List.of("seed=9", "data=C:\\ham\\new", "normalization=(x/255-mean)/std"));
    var again = TrainingConfig.of(List.of(file(config.file())), List.of());
    assertEquals(config.asMap(), again.asMap());
    var lines = config.file().lines().toList();
    for (Setting setting : Setting.values()) {
      int at = lines.stream().filter(line -> line.startsWith(setting.key() + " = ")).map(lines::indexOf).findFirst()
          .orElseThrow();
      assertTrue(lines.get(at - 1).startsWith("# "), setting.key() + " has no comment");
    }
    assertTrue(lines.stream().allMatch(line -> line.length() <= 160 || line.startsWith("data")), config.file());
  }

  @Test
  void aFileThatIsNotInUtf8SaysSo() throws IOException {
    var file =
        Files.write(folder.resolve("latin.properties"), "data = b\u00e4r\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(file + ": the configuration file is not UTF-8 text; save it as UTF-8", message(List.of(file)));
  }

  /** Editors of some systems begin every text file with one. */
  @Test
  void aByteOrderMarkIsNoPartOfTheFirstKey() throws IOException {
    assertEquals(7, TrainingConfig.of(List.of(file("\uFEFFseed = 7\n")), List.of()).seed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"C:\\Users\\neu", "C:Users\neu", "a\r\tb\fc\u0085d", "=a : b", ":", "#no comment", "!a\\",
      "\\u0041\\n", "\u00fc\u20ac\ud83d\ude00", "half \ud83d of it", "two  blanks"})
  void theFileReadsBackWhateverAValueHolds(String value) throws IOException {
    var config = TrainingConfig.of(List.of(), List.of("stage2.cut=" + value));
    assertEquals(value, config.cut());
    assertEquals(config.asMap(), TrainingConfig.of(List.of(file(config.file())), List.of()).asMap());
  }

  @Test
  void anUnknownKeyNamesFileKeyAndRemedy() throws IOException {
    Path file = file("stage1.epoch = 3\n");
    String message = message(List.of(file));
    assertEquals(file + ": the key 'stage1.epoch' is unknown; did you mean 'stage1.epochs'? All keys: "
        + "'./lentil train --print-config'", message);
  }

  @Test
  void aKeyGivenTwiceIsAnError() throws IOException {
    Path file = file("seed = 1\nbatch = 8\nseed = 2\n");
    assertEquals(file + ": the key 'seed' is given twice; remove one of the two", message(List.of(file)));
  }

  @Test
  void filesThatAreNoneAreErrors() throws IOException {
    assertTrue(message(List.of(folder.resolve("none.properties"))).contains("no such configuration file"));
    assertTrue(message(List.of(file("seed = \\uZZZZ\n"))).contains("not a properties file"));
    assertTrue(message(List.of(), "seed").contains("write it as key=value"));
  }

  @ParameterizedTest
  @CsvSource({"seed,x", "seed,-1", "split.seed,4294967296", "split,random", "split.folds,1", "split.fold,6",
      "mode,ternary", "alpha,0", "alpha,wide", "resolution,224",
      "resolution,224x", "resolution,16x16", "resolution,224x224x3", "normalization,'[-1,1]'", "resize,bicubic",
      "dropout,1",
      "dropout,NaN", "class-weights,some", "augmentation.rotation,181", "augmentation.zoom,1",
      "augmentation.horizontal-flip,yes", "augmentation.quarter-turns,1", "augmentation.brightness,1",
      "augmentation.contrast,-0.1", "augmentation.saturation,1.1", "augmentation.hue,0.6", "sampling,weighted",
      "label-smoothing,0.5", "weight-averaging,1", "weight-averaging,some", "weight-decay,-1", "stage1.warm-up,-1",
      "stage2.warm-up,NaN", "stage2.layer-decay,0", "evaluation.views,8", "evaluation.test,no",
      "batch,0", "stage1.epochs,0", "stage1.learning-rate,0", "stage1.learning-rate,Infinity", "stage2.epochs,-1",
      "stage2.schedule,linear", "batch-norm,on", "batch-norm.momentum,1", "early-stopping.patience,-1",
      "early-stopping.monitor,auc", "restore-best,1", "auc,roc", "loss,focal", "threads,0", "threads,some",
      "evaluation.batch,0", "evaluation.target-sensitivity,0", "evaluation.target-sensitivity,90",
      "evaluation.false-negative-cost,0", "checkpoint.batches,0", "checkpoint.seconds,-1", "data,''", "backend,''",
      "precision,float16"})
  void valuesThatCannotBeUsedAreNamed(String key, String value) {
    String message = message(List.of(), key + "=" + value);
    assertTrue(message.startsWith("--set, key " + key + ": '" + value + "' cannot be used; "), message);
    assertFalse(message.endsWith("; "), message);
  }

  @Test
  void kerasFormsAreBinaryOnly() {
    assertTrue(message(List.of(), "mode=seven-class", "auc=keras").contains("mode binary"));
    assertTrue(message(List.of(), "mode=seven-class", "loss=keras").contains("mode binary"));
  }

  @Test
  void quarterTurnsNeedASquare() {
    String message = message(List.of(), "resolution=96x128", "augmentation.quarter-turns=true");
    assertTrue(message.startsWith("--set, key augmentation.quarter-turns: 'true' cannot be used; ")
        && message.contains("resolution"), message);
    message = message(List.of(), "resolution=96x128", "evaluation.views=dihedral");
    assertTrue(message.startsWith("--set, key evaluation.views: 'dihedral' cannot be used; "), message);
    assertEquals(Views.FLIPS,
        TrainingConfig.of(List.of(), List.of("resolution=96x128", "evaluation.views=flips")).views());
    assertTrue(TrainingConfig.of(List.of(), List.of("augmentation.quarter-turns=true")).regime().augmentation()
        .quarterTurns());
  }

  @Test
  void noPatienceMeansNever() {
    var config = TrainingConfig.of(List.of(), List.of("early-stopping.patience=0"));
    assertEquals(EarlyStopping.never(Monitor.VAL_AUC), config.stopping());
  }
}
