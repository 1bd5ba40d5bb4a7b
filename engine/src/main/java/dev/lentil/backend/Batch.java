package dev.lentil.backend;

import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Arrays;

/**
 * The data of one run. Arrays are read during the run, not copied before it.
 *
 * @param input the images
 * @param labels {@code [n,k]}; not read by inference
 * @param weights {@code [n]}, the weight of each sample in the loss; not read by inference
 */
public record Batch(BatchImages input, Tensor labels, Tensor weights) {
  /** @param images {@code [n,h,w,c]}, already normalised */
  public Batch(Tensor images, Tensor labels, Tensor weights) {
    this(new BatchImages.Values(images), labels, weights);
  }

  /** A batch for inference: it has no labels, and its weights are no numbers, which {@link #requireFits} looks for. */
  public static Batch of(Tensor images) {
    int n = images.shape().extent(0);
    float[] none = new float[n];
    Arrays.fill(none, Float.NaN);
    return new Batch(images, Tensor.of(Shape.of(n, 1), new float[n]), Tensor.of(Shape.of(n), none));
  }

  /** A batch in which every sample counts the same. */
  public static Batch of(Tensor images, Tensor labels) {
    return of(new BatchImages.Values(images), labels);
  }

  /**
   * A batch in which every sample counts the same.
   *
   * @param images values, or images that a device holds
   */
  public static Batch of(BatchImages images, Tensor labels) {
    float[] ones = new float[images.size()];
    Arrays.fill(ones, 1);
    return new Batch(images, labels, Tensor.of(Shape.of(ones.length), ones));
  }

  public int size() {
    return input.size();
  }

  /**
   * The images' values, {@code [n,h,w,c]}.
   *
   * @throws IllegalArgumentException if the batch only names images that a device holds
   */
  public Tensor images() {
    return switch (input) {
      case BatchImages.Values(Tensor images) -> images;
      case BatchImages.Stored _ -> throw new IllegalArgumentException(
          "the batch names images that another device holds; only that device can run it");
    };
  }

  /**
   * Checks the batch before a run; labels and weights only if the plan trains.
   *
   * @throws IllegalArgumentException if a tensor has another shape than the plan needs, or a weight is no number, as in a
   *     batch for inference
   */
  public void requireFits(Plan plan) {
    requireShape("images", input.shape(), plan.value(plan.input()).shape().batched(plan.batch()));
    if (plan.spec().isPresent()) {
      requireWeights();
      int outputs = plan.network().shape(Planner.logits(plan.network())).size();
      requireShape("labels", labels.shape(), Shape.of(plan.batch(), outputs));
      requireShape("weights", weights.shape(), Shape.of(plan.batch()));
    }
  }

  private void requireWeights() {
    for (int i = 0; i < weights.shape().size(); i++) {
      if (!Double.isFinite(weights.get(i))) {
        throw new IllegalArgumentException("the weight of the batch's sample " + i + " is " + weights.get(i)
            + ", as in a batch for inference, Batch.of(images); a plan with a loss needs labels, Batch.of(images, labels), "
            + "and weights that are numbers, 0 for a sample that shall not count");
      }
    }
  }

  private static void requireShape(String what, Shape actual, Shape needed) {
    if (!actual.equals(needed)) {
      throw new IllegalArgumentException("the batch's " + what + " are " + actual + ", the plan needs " + needed);
    }
  }
}
