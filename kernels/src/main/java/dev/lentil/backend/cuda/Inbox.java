package dev.lentil.backend.cuda;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Batch;
import dev.lentil.backend.BatchImages;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Optimizer;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Step;
import dev.lentil.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where a run's data lies at the start of a plan's memory, and how it is written: the state that changes from run to run
 * ({@code RunState} of state.cuh), the samples' weights and labels as float64, then what {@link ImageRecords} writes of images that the
 * card holds, or the images themselves as float32. An executable takes either kind of batch, so there is room for both.
 *
 * @param bytes of all together; more than can be sent where a batch may only name its images
 */
record Inbox(int weights, int labels, int normalization, int records, int images, long bytes,
    Optional<Optimizer.Adam> adam) {
  static final int STATE = 0;

  private static final int ALIGNMENT = 256;
  /** Pixels that a thread copies at once, 2 MiB. */
  private static final int TOGETHER = 1 << 19;

  static Inbox of(Plan plan) {
    int n = plan.batch();
    int outputs = plan.steps().stream()
        .mapToInt(step -> step instanceof Step.ComputeLoss loss ? plan.value(loss.logits()).shape().size() : 0).sum();
    int weights = ALIGNMENT;
    long labels = align(weights + 8L * n);
    long normalization = align(labels + 8L * n * outputs);
    long records = align(normalization + ImageRecords.NORMALIZATION);
    int images = sendable(align(records + (long) ImageRecords.IMAGE * n), n);
    long bytes = images + 4 * plan.value(plan.input()).size(n);
    Optional<Optimizer.Adam> adam = plan.steps().stream()
        .filter(step -> step instanceof Step.Update update && update.optimizer() instanceof Optimizer.Adam)
        .map(step -> (Optimizer.Adam) ((Step.Update) step).optimizer()).findFirst();
    return new Inbox(weights, (int) labels, (int) normalization, (int) records, images, bytes, adam);
  }

  /** Pinned memory is a buffer of Java's, which counts bytes in 32 bits. */
  private static int sendable(long bytes, int batch) {
    if (bytes > Integer.MAX_VALUE) {
      throw new BackendException(
          "a batch of " + batch + " is " + bytes + " bytes to send to the card, more than 2^31 - 1: "
              + "use a smaller batch");
    }
    return (int) bytes;
  }

  /** Whether the plan has a loss: labels take room only then. */
  private boolean hasLoss() {
    return normalization > labels;
  }

  static long align(long offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /**
   * How much of it, from its start, a batch needs.
   *
   * @throws BackendException if it is more than can be sent at once
   */
  int bytes(BatchImages input) {
    return switch (input) {
      case BatchImages.Values _ -> sendable(bytes, input.size());
      case BatchImages.Stored _ -> images;
    };
  }

  /** Writes so much of it; labels and weights only if the plan has a loss. */
  void write(ByteBuffer to, Batch batch, RunState state) {
    to.putInt(STATE, (int) state.seed());
    to.putInt(STATE + 4, (int) (state.seed() >>> 32));
    to.putInt(STATE + 8, state.stage());
    to.putInt(STATE + 12, (int) state.step());
    to.putFloat(STATE + 16, (float) state.learningRate());
    to.putFloat(STATE + 20,
        (float) (adam.isPresent() ? adam.get().correctedRate(state.learningRate(), state.step()) : 0));
    if (hasLoss()) {
      to.slice(weights, 8 * batch.size()).order(to.order()).asDoubleBuffer().put(batch.weights().doubles());
      double[] all = batch.labels().doubles();
      to.slice(labels, 8 * all.length).order(to.order()).asDoubleBuffer().put(all);
    }
    switch (batch.input()) {
      case BatchImages.Values(Tensor values) -> {
        float[] pixels = values.floats();
        FloatBuffer all = to.slice(images, 4 * pixels.length).order(to.order()).asFloatBuffer();
        // One thread may copy more slowly than the bus.
        IntStream.range(0, Math.ceilDiv(pixels.length, TOGETHER)).parallel().forEach(
            part -> all.put(part * TOGETHER, pixels, part * TOGETHER,
                Math.min(TOGETHER, pixels.length - part * TOGETHER)));
      }
      case BatchImages.Stored stored -> {
        ImageRecords.write(to.slice(normalization, ImageRecords.NORMALIZATION).order(to.order()),
            stored.normalization());
        ByteBuffer each = to.slice(records, ImageRecords.IMAGE * batch.size()).order(to.order());
        stored.images().forEach(image -> ImageRecords.write(each, (CudaImages) stored.store(), image));
      }
    }
  }
}
