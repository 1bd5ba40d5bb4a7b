package dev.lentil.train;

import dev.lentil.json.Json;
import dev.lentil.json.JsonException;
import dev.lentil.nn.Weights;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.safetensors.SafetensorsWriter;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a run needs to go on as if it had never stopped. One safetensors file: {@code parameters/*},
 * {@code slots/<slot>/*} (the optimiser's memory), {@code average/*}, {@code best/*}, {@code epoch/*} (labels and probabilities of the
 * unfinished epoch); the rest as JSON in its metadata under {@value #METADATA}.
 *
 * @param run what must be the same when it goes on: seed, stages, samples and batch size, as text
 * @param step updates done within the stage
 * @param slots by slot number and parameter
 * @param average of the weights in the stage so far, if the stage averages them
 * @param best the weights of the stage's best epoch so far
 * @param unfinished the scores of the epoch that {@code position} is in
 * @param seconds that this epoch has taken
 */
public record Checkpoint(String run, Position position, long step, Weights parameters, List<Map<String, Tensor>> slots,
    Optional<Weights> average, Optional<Weights> best, EarlyStopping.State stopping, List<EpochRecord> history,
    Scores unfinished,
    double seconds) {
  static final String METADATA = "lentil.checkpoint";
  private static final long VERSION = 1;

  /** Writes the file; the one that was there before stays until this one is whole and on the disk. */
  public void write(Path file) {
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
    SafetensorsWriter.write(file, tensors, Map.of(METADATA, Json.compact(state())));
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
   * @throws TrainingException if the file is no checkpoint of this version of Lentil
   */
  public static Checkpoint read(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      String json = file.metadata().get(METADATA);
      if (json == null || !(Json.parse(json) instanceof Map<?, ?> state)) {
        throw new TrainingException(path + ": this is no checkpoint of Lentil; name the folder of a run");
      }
      if (whole(state, "version") != VERSION) {
        throw new TrainingException(
            path + ": the checkpoint is of version " + state.get("version") + ", this Lentil reads "
                + VERSION + "; continue with the Lentil that wrote it");
      }
      var slots = new ArrayList<Map<String, Tensor>>();
      for (int i = 0; i < whole(state, "slots"); i++) {
        slots.add(file.tensors("slots/" + i + "/"));
      }
      return new Checkpoint(text(state, "run"),
          new Position((int) whole(state, "stage"), (int) whole(state, "epoch"), (int) whole(state, "batch")),
          whole(state, "step"), new Weights(file.tensors("parameters/")), List.copyOf(slots),
          weights(file, "average/"), weights(file, "best/"),
          new EarlyStopping.State(real(state, "best"), (int) whole(state, "best_epoch"), (int) whole(state, "waited")),
          History.parse(text(state, "history")), scores(file, state), real(state, "seconds"));
    } catch (JsonException | NumberFormatException | ClassCastException e) {
      throw new TrainingException(path + ": the checkpoint is damaged (" + e.getMessage() + ")", e);
    }
  }

  private static Optional<Weights> weights(SafetensorsFile file, String prefix) {
    Map<String, Tensor> tensors = file.tensors(prefix);
    return tensors.isEmpty() ? Optional.empty() : Optional.of(new Weights(tensors));
  }

  private static Scores scores(SafetensorsFile file, Map<?, ?> state) {
    int outputs = (int) whole(state, "outputs");
    if (!file.contains("epoch/labels")) {
      return new Scores(outputs);
    }
    double[] values = file.tensor("epoch/labels").doubles();
    int[] labels = new int[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) values[i];
    }
    return Scores.of(outputs, labels, file.tensor("epoch/probabilities").doubles(), real(state, "loss_sum"));
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
    throw new ClassCastException("it has no " + key);
  }
}
