package dev.lentil.train;

import dev.lentil.io.FileReason;
import dev.lentil.json.Json;
import dev.lentil.json.JsonException;
import dev.lentil.nn.Weights;
import dev.lentil.safetensors.SafetensorsException;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.safetensors.SafetensorsWriter;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a run needs to continue as if it had never stopped, in one safetensors file: {@code parameters/*},
 * {@code slots/<slot>/*} (the optimiser's state), {@code average/*}, {@code best/*}, {@code epoch/*} (labels and probabilities of the
 * unfinished epoch). The rest is JSON in its metadata under {@value #METADATA}, with a digest of everything under {@value #DIGEST}.
 *
 * @param run what must be the same when the run continues: seed, samples, batch size and the stages that have begun, as text
 * @param step updates done within the stage
 * @param slots by slot number and parameter
 * @param average of the weights in the stage so far, if the stage averages them
 * @param best the weights of the stage's best epoch so far
 * @param unfinished the scores of the epoch that {@code position} is in
 * @param seconds that this epoch has taken
 */
public record Checkpoint(String run, Position position, long step, Weights parameters, List<Map<String, Tensor>> slots,
    Optional<Weights> average, Optional<Weights> best, EarlyStopping.State stopping, List<EpochRecord> history,
    Scores unfinished, double seconds) {
  static final String METADATA = "lentil.checkpoint";
  static final String DIGEST = "lentil.sha256";
  private static final long VERSION = 3;

  /**
   * Writes the file; the one that was there before stays until this one is whole and on the disk.
   *
   * @param previous where that goes, if it is to be kept
   */
  void write(Path file, Optional<Path> previous) {
    Map<String, Tensor> tensors = tensors();
    String state = Json.compact(state());
    SafetensorsWriter.write(file, previous, tensors,
        Map.of(METADATA, state, DIGEST, TensorDigest.of(state, tensors)));
  }

  /** By their names in the file. */
  Map<String, Tensor> tensors() {
    var tensors = new LinkedHashMap<String, Tensor>();
    put(tensors, "parameters/", parameters.tensors());
    for (int i = 0; i < slots.size(); i++) {
      put(tensors, "slots/" + i + "/", slots.get(i));
    }
    average.ifPresent(weights -> put(tensors, "average/", weights.tensors()));
    best.ifPresent(weights -> put(tensors, "best/", weights.tensors()));
    int n = unfinished.size();
    if (n > 0) {
      double[] labels = new double[n];
      int[] classes = unfinished.labels();
      for (int i = 0; i < n; i++) {
        labels[i] = classes[i];
      }
      tensors.put("epoch/labels", Tensor.of(Shape.of(n), labels));
      tensors.put("epoch/probabilities", Tensor.of(Shape.of(n, unfinished.outputs()), unfinished.probabilities()));
    }
    return tensors;
  }

  private static void put(Map<String, Tensor> to, String prefix, Map<String, Tensor> from) {
    from.forEach((name, tensor) -> to.put(prefix + name, tensor));
  }

  /** Numbers that may be NaN are written as text, which JSON can hold and which reads back exactly. */
  private Map<String, Object> state() {
    var state = new LinkedHashMap<String, Object>();
    state.put("version", VERSION);
    state.put("run", run);
    state.put("stage", position.stage());
    state.put("epoch", position.epoch());
    state.put("batch", position.batch());
    state.put("step", step);
    state.put("slots", slots.size());
    state.put("outputs", unfinished.outputs());
    state.put("loss_sum", Double.toString(unfinished.lossSum()));
    state.put("seconds", Double.toString(seconds));
    state.put("best", Double.toString(stopping.best()));
    state.put("best_epoch", stopping.bestEpoch());
    state.put("waited", stopping.waited());
    state.put("history", History.csv(history));
    return state;
  }

  /**
   * @throws TrainingException if the file cannot be read, is no checkpoint of this version of Lentil, or is damaged
   */
  public static Checkpoint read(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      String json = file.metadata().get(METADATA);
      if (json == null || !(Json.parse(json) instanceof Map<?, ?> state)) {
        throw new DamagedCheckpointException(path, "it has no " + METADATA, null);
      }
      Map<String, Tensor> tensors = file.tensors("");
      String digest = file.metadata().get(DIGEST);
      boolean sound = TensorDigest.of(json, tensors).equals(digest);
      if (whole(state, "version") != VERSION && (sound || digest == null)) {
        throw new TrainingException(
            path + ": the checkpoint is of version " + state.get("version") + ", this Lentil reads "
                + VERSION + "; continue with the Lentil that wrote it");
      }
      if (!sound) {
        throw new DamagedCheckpointException(path, "its content does not match its digest", null);
      }
      return of(state, tensors);
    } catch (SafetensorsException e) {
      if (e.getCause() instanceof IOException why) {
        throw new TrainingException(
            path + ": the checkpoint cannot be read (" + FileReason.of(why) + "); mend that and resume", e);
      }
      throw new DamagedCheckpointException(path, e.getMessage(), e);
    } catch (JsonException | NumberFormatException e) {
      throw new DamagedCheckpointException(path, e.getMessage(), e);
    }
  }

  private static Checkpoint of(Map<?, ?> state, Map<String, Tensor> tensors) {
    var slots = new ArrayList<Map<String, Tensor>>();
    for (int i = 0; i < whole(state, "slots"); i++) {
      slots.add(below(tensors, "slots/" + i + "/"));
    }
    return new Checkpoint(text(state, "run"),
        new Position((int) whole(state, "stage"), (int) whole(state, "epoch"), (int) whole(state, "batch")),
        whole(state, "step"), new Weights(below(tensors, "parameters/")), List.copyOf(slots),
        weights(tensors, "average/"), weights(tensors, "best/"),
        new EarlyStopping.State(real(state, "best"), (int) whole(state, "best_epoch"), (int) whole(state, "waited")),
        History.parse(text(state, "history")), scores(state, tensors), real(state, "seconds"));
  }

  private static Optional<Weights> weights(Map<String, Tensor> tensors, String prefix) {
    return Optional.of(below(tensors, prefix)).filter(map -> !map.isEmpty()).map(Weights::new);
  }

  private static Map<String, Tensor> below(Map<String, Tensor> tensors, String prefix) {
    var found = new LinkedHashMap<String, Tensor>();
    tensors.forEach((name, tensor) -> {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), tensor);
      }
    });
    return found;
  }

  private static Scores scores(Map<?, ?> state, Map<String, Tensor> tensors) {
    int outputs = (int) whole(state, "outputs");
    if (!tensors.containsKey("epoch/labels")) {
      return new Scores(outputs);
    }
    double[] values = tensors.get("epoch/labels").doubles();
    int[] labels = new int[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) values[i];
    }
    return Scores.of(outputs, labels, tensors.get("epoch/probabilities").doubles(), real(state, "loss_sum"));
  }

  private static long whole(Map<?, ?> state, String key) {
    return state.get(key) instanceof Long value ? value : missing(key);
  }

  private static double real(Map<?, ?> state, String key) {
    return Double.parseDouble(text(state, key));
  }

  private static String text(Map<?, ?> state, String key) {
    return state.get(key) instanceof String value ? value : missing(key);
  }

  private static <T> T missing(String key) {
    throw new JsonException("it has no " + key);
  }
}
