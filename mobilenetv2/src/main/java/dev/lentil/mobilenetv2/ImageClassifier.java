package dev.lentil.mobilenetv2;

import dev.lentil.backend.Backend;
import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Network;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A model ready to judge images, one at a time:
 *
 * {@snippet :
 * try (var classifier = ImageClassifier.open(Path.of("mobilenet_v2.safetensors"))) {
 *   int[] pixels = image.getRGB(0, 0, 224, 224, null, 0, 224);
 *   for (Prediction p : classifier.top(5, pixels)) {
 *     System.out.println(p.index() + " " + p.probability());
 *   }
 * }
 * }
 *
 * Images come at the network's size; bringing them to it is the caller's task. It owns the backend's threads until it
 * is closed, and is not safe for use by several threads at once.
 */
public final class ImageClassifier implements AutoCloseable {
  private static final int CHANNELS = 3;

  private final Model model;
  private final Device device;
  private final ParameterBank bank;
  private final Executable executable;
  private final String output;

  private ImageClassifier(Model model, Device device, ParameterBank bank, Executable executable) {
    this.model = model;
    this.device = device;
    this.bank = bank;
    this.executable = executable;
    this.output = bank.network().outputNode().name();
  }

  /** A model of a Lentil weight file on the CPU, with as many threads as there are processors. */
  public static ImageClassifier open(Path weights) {
    return open(ModelFile.read(weights), Backends.named("cpu"), DeviceOptions.defaults());
  }

  /**
   * @throws IllegalArgumentException if the model has no head, and so no classes
   */
  public static ImageClassifier open(Model model, Backend backend, DeviceOptions options) {
    model.requireClasses();
    Network network = model.architecture().network();
    Device device = backend.open(options);
    try {
      Plan plan = Planner.inference(network, 1, device.fusions(), Set.of());
      ParameterBank bank = device.load(network, model.weights());
      return new ImageClassifier(model, device, bank, device.compile(plan, bank));
    } catch (RuntimeException e) {
      device.close();
      throw e;
    }
  }

  public Model model() {
    return model;
  }

  /** Rows of an image. */
  public int height() {
    return model.architecture().height();
  }

  /** Columns of an image. */
  public int width() {
    return model.architecture().width();
  }

  /** How many probabilities an image gets. */
  public int classes() {
    return model.architecture().head().classes();
  }

  /**
   * The probability of each class. A network with one output has two classes: 0 with {@code 1-p}, 1 with {@code p}.
   *
   * @param argb {@code [height,width]} pixels {@code 0xAARRGGBB}, as {@code BufferedImage.getRGB} gives; alpha is
   *     ignored
   */
  public float[] probabilities(int[] argb) {
    requireLength(argb.length, height() * width(), "pixels");
    return run(model.scaling().scale(argb));
  }

  /**
   * As {@link #probabilities(int[])}.
   *
   * @param rgb {@code [height,width,3]} values of 0 to 255; the model's input scaling is applied here
   */
  public float[] probabilities(float[] rgb) {
    requireLength(rgb.length, height() * width() * CHANNELS, "values");
    return run(model.scaling().scale(rgb));
  }

  /** The likeliest classes, the likeliest first; see {@link #probabilities(int[])}. */
  public List<Prediction> top(int count, int[] argb) {
    return likeliest(count, probabilities(argb));
  }

  /** The likeliest classes, the likeliest first; see {@link #probabilities(float[])}. */
  public List<Prediction> top(int count, float[] rgb) {
    return likeliest(count, probabilities(rgb));
  }

  private static List<Prediction> likeliest(int count, float[] probabilities) {
    return IntStream.range(0, probabilities.length).mapToObj(i -> new Prediction(i, probabilities[i]))
        .sorted(Comparator.comparingDouble(Prediction::probability).reversed().thenComparingInt(Prediction::index))
        .limit(count).toList();
  }

  private float[] run(float[] scaled) {
    executable.run(Batch.of(Tensor.of(Shape.of(1, height(), width(), CHANNELS), scaled)), RunState.inference());
    float[] outputs = executable.read(output).floats();
    return outputs.length == 1 ? new float[] {1 - outputs[0], outputs[0]} : outputs;
  }

  private void requireLength(int length, int needed, String what) {
    if (length != needed) {
      throw new IllegalArgumentException("got " + length + " " + what + ", but an image of " + height() + "x" + width()
          + " has " + needed + "; bring the image to that size first");
    }
  }

  @Override
  public void close() {
    executable.close();
    bank.close();
    device.close();
  }
}
