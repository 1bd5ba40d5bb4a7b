package dev.lentil.explain;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Network;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Arrays;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * How far an answer falls when a part of the image is covered: for each pixel the mean of {@code score(image) -
 * score(image with a patch covered)} over the patches that cover it. Above 0 is what the answer rests on, below 0 what
 * speaks against it. It needs no gradients, only many forward passes, which run in batches. Source: Zeiler and Fergus
 * 2014, section 4.2.
 */
public final class Occlusion implements AutoCloseable {
  private final Executable executable;
  private final int batch;
  private final Shape image;
  private final Shape batched;
  private final String logits;
  private final int outputs;

  /** @param batched the shape of the images that go through the network at once */
  private Occlusion(Executable executable, Network network, Shape batched) {
    this.executable = executable;
    this.batch = batched.extent(0);
    this.image = network.shape(network.inputNode().name());
    this.batched = batched;
    this.logits = Planner.logits(network);
    this.outputs = network.shape(logits).size();
  }

  /**
   * @param batch how many covered images go through the network at once
   * @throws IllegalArgumentException if so many are more than one array can hold
   */
  public static Occlusion open(Device device, ParameterBank bank, int batch) {
    Network network = bank.network();
    var plan = Planner.inference(network, batch, device.fusions(), Set.of(Planner.logits(network)));
    Shape batched = network.shape(network.inputNode().name()).batched(batch);
    return new Occlusion(device.compile(plan, bank), network, batched);
  }

  /**
   * The map of an image, a value for each of its pixels.
   *
   * @param original {@code [h,w,c]}, already normalised
   * @param fill what a covered pixel shows, a value for each channel, normalised as the image is
   * @param score of the logits, {@code [k]}: the answer in one number
   * @throws IllegalArgumentException if the image is not of the network's size, or {@code fill} not of its channels
   */
  public HeatMap of(Tensor original, Patches patches, float[] fill, ToDoubleFunction<double[]> score) {
    if (!original.shape().equals(image)) {
      throw new IllegalArgumentException("the image is " + original.shape() + ", but the network takes " + image
          + "; bring it to that size first");
    }
    int height = image.extent(0);
    int width = image.extent(1);
    if (fill.length != image.extent(2)) {
      throw new IllegalArgumentException("a covered pixel needs " + image.extent(2) + " values, got "
          + Arrays.toString(fill));
    }
    int[] rows = patches.starts(height);
    int[] columns = patches.starts(width);
    var sums = new double[height * width];
    var counts = new int[height * width];
    // image 0 is the original itself
    double[] scores = scores(original.floats(), patches, fill, rows, columns, score);
    for (int k = 1; k < scores.length; k++) {
      int top = rows[(k - 1) / columns.length];
      int left = columns[(k - 1) % columns.length];
      for (int y = top; y < Math.min(top + patches.side(), height); y++) {
        for (int x = left; x < Math.min(left + patches.side(), width); x++) {
          sums[y * width + x] += scores[0] - scores[k];
          counts[y * width + x]++;
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= counts[i];
    }
    return new HeatMap(height, width, sums);
  }

  /** The scores of the original, then of every covered image. */
  private double[] scores(float[] original, Patches patches, float[] fill, int[] rows, int[] columns,
      ToDoubleFunction<double[]> score) {
    var scores = new double[1 + rows.length * columns.length];
    var images = new float[batched.size()];
    for (int first = 0; first < scores.length; first += batch) {
      int used = Math.min(batch, scores.length - first);
      // the plan takes whole batches: the places that are left keep what they had
      for (int i = 0; i < used; i++) {
        System.arraycopy(original, 0, images, i * image.size(), image.size());
        int patch = first + i - 1;
        if (patch >= 0) {
          cover(images, i * image.size(), patches.side(), fill, rows[patch / columns.length],
              columns[patch % columns.length]);
        }
      }
      executable.run(Batch.of(Tensor.of(batched, images)), RunState.inference());
      double[] z = executable.read(logits).doubles();
      for (int i = 0; i < used; i++) {
        scores[first + i] = score.applyAsDouble(Arrays.copyOfRange(z, i * outputs, (i + 1) * outputs));
      }
    }
    return scores;
  }

  private void cover(float[] images, int at, int side, float[] fill, int top, int left) {
    int width = image.extent(1);
    int channels = image.extent(2);
    for (int y = top; y < Math.min(top + side, image.extent(0)); y++) {
      for (int x = left; x < Math.min(left + side, width); x++) {
        System.arraycopy(fill, 0, images, at + (y * width + x) * channels, channels);
      }
    }
  }

  @Override
  public void close() {
    executable.close();
  }
}
