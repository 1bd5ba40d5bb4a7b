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
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A model ready to judge images:
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
 * is closed. Any number of threads may ask at once; they are answered one after the other, each image on all of its own
 * threads. A service that would rather answer several at once opens several, with one thread each.
 */
public final class ImageClassifier implements AutoCloseable {
  private static final int CHANNELS = 3;

  private final Model model;
  private final Device device;
  private final ParameterBank bank;
  private final Executable executable;
  private final String output;
  /** For the number of images that was asked for last, if that was not one. */
  private Executable several;

  private ImageClassifier(Model model, Device device, ParameterBank bank, Executable executable) {
    this.model = model;
    this.device = device;
    this.bank = bank;
    this.executable = executable;
    this.output = bank.network().outputNode().name();
  }

  /** A model of a Lentil weight file on the CPU, with as many threads as there are processors. */
  public static ImageClassifier open(Path weights) {
    return open(weights, DeviceOptions.defaults());
  }

  /**
   * A model of a Lentil weight file on the CPU.
   *
   * @throws ModelFileException if the file does not hold a MobileNetV2 with classes
   * @throws dev.lentil.safetensors.SafetensorsException if it is not a sound safetensors file
   */
  public static ImageClassifier open(Path weights, DeviceOptions options) {
    Model model = ModelFile.read(weights);
    try {
      return open(model, Backends.named("cpu"), options);
    } catch (Model.NoClassesException e) {
      throw new ModelFileException(weights + ": " + e.getMessage(), e);
    }
  }

  /**
   * @throws IllegalArgumentException if the model has no head, and so no classes
   */
  public static ImageClassifier open(Model model, Backend backend, DeviceOptions options) {
    model.requireClasses();
    Network network = model.architecture().network();
    Device device = backend.open(options);
    try {
      ParameterBank bank = device.load(network, model.weights());
      return new ImageClassifier(model, device, bank, compile(device, bank, 1));
    } catch (RuntimeException e) {
      device.close();
      throw e;
    }
  }

  private static Executable compile(Device device, ParameterBank bank, int images) {
    return device.compile(Planner.inference(bank.network(), images, device.fusions(), Set.of()), bank);
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
    return run(model.scaling().scale(argb), 1).getFirst();
  }

  /**
   * As {@link #probabilities(int[])}, for several images at once, which takes less time than one after the other. The
   * network is planned anew whenever their number is another than in the call before, so ask for the same number.
   *
   * @return the probabilities of each image
   */
  public List<float[]> probabilities(List<int[]> images) {
    if (images.isEmpty()) {
      return List.of();
    }
    int size = height() * width() * CHANNELS;
    float[] scaled = new float[Math.multiplyExact(images.size(), size)];
    for (int i = 0; i < images.size(); i++) {
      requireLength(images.get(i).length, height() * width(), "pixels");
      System.arraycopy(model.scaling().scale(images.get(i)), 0, scaled, i * size, size);
    }
    return run(scaled, images.size());
  }

  /**
   * As {@link #probabilities(int[])}.
   *
   * @param rgb {@code [height,width,3]} values of 0 to 255; the model's input scaling is applied here
   */
  public float[] probabilities(float[] rgb) {
    requireLength(rgb.length, height() * width() * CHANNELS, "values");
    return run(model.scaling().scale(rgb), 1).getFirst();
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

  /** One at a time: what a run leaves in the executable's memory is read before the next begins. */
  private synchronized List<float[]> run(float[] scaled, int images) {
    Executable ready = executable(images);
    ready.run(Batch.of(Tensor.of(Shape.of(images, height(), width(), CHANNELS), scaled)), RunState.inference());
    float[] outputs = ready.read(output).floats();
    int each = outputs.length / images;
    return IntStream.range(0, images).mapToObj(i -> each == 1
        ? new float[] {1 - outputs[i], outputs[i]}
        : Arrays.copyOfRange(outputs, i * each, (i + 1) * each)).toList();
  }

  private Executable executable(int images) {
    if (images == 1) {
      return executable;
    }
    if (several == null || several.plan().batch() != images) {
      if (several != null) {
        several.close();
      }
      several = null;
      several = compile(device, bank, images);
    }
    return several;
  }

  private void requireLength(int length, int needed, String what) {
    if (length != needed) {
      throw new IllegalArgumentException("got " + length + " " + what + ", but an image of " + height() + "x" + width()
          + " has " + needed + "; bring the image to that size first");
    }
  }

  @Override
  public synchronized void close() {
    if (several != null) {
      several.close();
    }
    executable.close();
    bank.close();
    device.close();
  }
}
