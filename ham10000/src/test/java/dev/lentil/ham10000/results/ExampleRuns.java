package dev.lentil.ham10000.results;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.ExamplePredictions;
import dev.lentil.ham10000.evaluate.Prediction;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import dev.lentil.ham10000.train.Recipe;
import dev.lentil.ham10000.train.RunEnsemble;
import dev.lentil.ham10000.train.TestLog;
import dev.lentil.ham10000.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Folders as runs leave them, of made-up predictions. */
final class ExampleRuns {
  private final Path folder;

  /** @param folder in which the runs' folders are */
  ExampleRuns(Path folder) {
    this.folder = folder;
  }

  /** A finished run that looked at the images of some subsets. */
  Path run(Recipe recipe, long seed, Subset... subsets) throws IOException {
    return run(recipe + "-" + seed, recipe, List.of(), seed, subsets);
  }

  /** One of a variant. */
  Path variant(String name, Recipe recipe, String change, long seed, Subset... subsets) throws IOException {
    return run(name + "/seed-" + seed, recipe, List.of(change), seed, subsets);
  }

  private Path run(String name, Recipe recipe, List<String> changes, long seed, Subset... subsets)
      throws IOException {
    Path run = folder.resolve(name);
    Files.createDirectories(run);
    var settings = new ArrayList<>(changes);
    settings.addAll(List.of("seed=" + seed, "evaluation.test=" + List.of(subsets).contains(Subset.TEST)));
    Files.writeString(run.resolve("config.properties"), config(recipe, settings.toArray(String[]::new)));
    Files.writeString(run.resolve("environment.json"),
        "{\"lentil\": \"1\", \"git_revision\": \"abc\", \"device\": \"cpu: plain\"}\n");
    Files.writeString(run.resolve("history.csv"),
        "stage,epoch,learning_rate,loss,accuracy,auc,val_loss,val_accuracy,val_auc,seconds\n"
            + "1,1,0.001,1.1,0.6,0.7,0.8,0.7,0.8," + seed + "\n2,1,0.001,1.1,0.6,0.7,0.8,0.7,0.8,7.5\n");
    Files.writeString(run.resolve("measurements.json"),
        "{\"stages\": [], \"peak_memory_bytes\": 2147483648, \"peak_memory_kind\": \"resident\"}\n");
    PredictionsFile.write(predictions(recipe, seed, subsets), run.resolve(PredictionsFile.FILE_NAME));
    return run;
  }

  String config(Recipe recipe, String... settings) {
    return TrainingConfig.of(Optional.of(recipe), List.of(), Stream.concat(Stream.of("data=" + folder, "weights="
        + folder.resolve("base.safetensors")), Stream.of(settings)).toList()).file();
  }

  /** As a better or worse network of each recipe would give, another one for each seed. */
  static Predictions predictions(Recipe recipe, long seed, Subset... subsets) {
    var example = recipe == Recipe.BEST ? ExamplePredictions.sevenClass() : ExamplePredictions.binary();
    var rows = new ArrayList<Prediction>();
    for (Prediction row : example.rows()) {
      if (List.of(subsets).contains(row.subset())) {
        int noise = Math.floorMod((row.imageId() + seed).hashCode(), 5) + recipe.ordinal();
        rows.add(new Prediction(row.imageId(), row.lesionId(), row.diagnosis(), row.patient(), row.subset(),
            Math.pow(row.probability(), 0.3 * (noise + 1)), row.classProbabilities()));
      }
    }
    return new Predictions(example.task(), rows);
  }

  /** An ensemble of runs with eight views. */
  Path ensemble(String name, List<Path> runs, Predictions predictions) throws IOException {
    Path ensemble = folder.resolve(name);
    Files.createDirectories(ensemble);
    Files.writeString(ensemble.resolve("ensemble.json"), RunEnsemble.description(ensemble, runs, "dihedral"));
    PredictionsFile.write(predictions, ensemble.resolve(PredictionsFile.FILE_NAME));
    return ensemble;
  }

  /** Ablations of a base and two changes. */
  Path ablations() throws IOException {
    Path ablations = folder.resolve("ablations");
    for (int seed : new int[] {1, 2}) {
      Files.createDirectories(ablations.resolve("base-seed-" + seed));
      Files.writeString(ablations.resolve("base-seed-" + seed + "/config.properties"),
          config(Recipe.BEST, "seed=" + seed, "resolution=96x96"));
      Files.writeString(ablations.resolve("base-seed-" + seed + "/measurements.json"), "{}\n");
    }
    Files.writeString(ablations.resolve("ablations.csv"), """
        name,what differs,validation AUC,from the base,s an epoch
        base,"recipe best, resolution=96x96",0.9000 ± 0.0010,,20.0
        binary,mode=binary,0.8900 ± 0.0020,-0.0100,20.1
        """);
    return ablations;
  }

  /** The log beside the runs. */
  void log(String run, String time) throws IOException {
    Files.createDirectories(folder);
    Path log = folder.resolve(TestLog.FILE_NAME);
    String before = Files.exists(log) ? Files.readString(log) : "time,run,build,config_sha256,purpose,test_auc\n";
    Files.writeString(log, before + time + "," + run + ",1 abc," + "0".repeat(64) + ",train,0.91\n");
  }
}
