package dev.lentil.testing;

import dev.lentil.backend.Batch;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Random;

/**
 * Seeded inputs and parameters for tests. Every value is a float32, so that a float32 backend starts from exactly what
 * the float64 reference starts from.
 */
public final class RandomTensors {
  private final Random random;

  public RandomTensors(long seed) {
    random = new Random(seed);
  }

  /** Normal values. */
  public Tensor normal(Shape shape, double mean, double deviation) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return Tensor.of(shape, values);
  }

  /** Uniform values. */
  public Tensor uniform(Shape shape, double from, double to) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (from + (to - from) * random.nextDouble());
    }
    return Tensor.of(shape, values);
  }

  /**
   * Uniform values for a ReLU6 to be applied to: all three of its regions, no value within 0.01 of a kink, where float32
   * and float64 might fall on different sides.
   */
  public Tensor awayFromKinks(Shape shape) {
    float[] values = uniform(shape, -4, 10).floats();
    for (int i = 0; i < values.length; i++) {
      while (Math.abs(values[i]) < 0.01 || Math.abs(values[i] - 6) < 0.01) {
        values[i] = (float) (-4 + 14 * random.nextDouble());
      }
    }
    return Tensor.of(shape, values);
  }

  /** Parameters of the sizes that training gives: He-scaled kernels, gamma near 1, variances away from 0. */
  public Weights weights(Network network) {
    var tensors = new LinkedHashMap<String, Tensor>();
    for (ParameterSpec spec : network.parameters()) {
      Shape shape = spec.shape();
      tensors.put(spec.name(), switch (spec.role()) {
        case KERNEL -> normal(shape, 0, Math.sqrt(2.0 / fanIn(shape)));
        case BIAS, BETA -> normal(shape, 0.3, 0.5);
        case GAMMA -> uniform(shape, 0.5, 1.5);
        case MOVING_MEAN -> normal(shape, 0, 0.3);
        case MOVING_VARIANCE -> uniform(shape, 0.5, 2);
      });
    }
    return new Weights(tensors);
  }

  private static int fanIn(Shape kernel) {
    // A depthwise kernel [kh,kw,c,1] reads one channel only.
    int readers = kernel.rank() == 4 && kernel.extent(-1) == 1 ? kernel.extent(2) : 1;
    return kernel.size() / kernel.extent(-1) / readers;
  }

  /** Images, labels that fit the loss, and sample weights that differ. */
  public Batch batch(Network network, int n, Loss loss) {
    Tensor images = normal(network.shape(network.inputNode().name()).batched(n), 0, 1);
    int outputs = network.shape(Planner.logits(network)).size();
    float[] labels = new float[n * outputs];
    for (int i = 0; i < n; i++) {
      if (loss instanceof Loss.CategoricalCrossEntropy) {
        labels[i * outputs + random.nextInt(outputs)] = 1;
      } else {
        for (int j = 0; j < outputs; j++) {
          labels[i * outputs + j] = random.nextInt(2);
        }
      }
    }
    return new Batch(images, Tensor.of(Shape.of(n, outputs), labels), uniform(Shape.of(n), 0.5, 2.5));
  }
}
