package dev.lentil.mobilenetv2;

import dev.lentil.backend.Backend;
import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.mobilenetv2.image.View;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Classifies images with a model:
 *
 * {@snippet :
 * try (var classifier = ImageClassifier.open(Path.of("mobilenet_v2.safetensors"))) {
 *   BufferedImage photo = ImageIO.read(new File("dog.jpg"));
 *   int height = photo.getHeight();
 *   int width = photo.getWidth();
 *   int[] pixels = photo.getRGB(0, 0, width, height, null, 0, width);
 *   for (Prediction p : classifier.top(5, pixels, height, width)) {
 *     System.out.println(p.index() + " " + p.probability());
 *   }
 * }
 * }
 *
 * <p>The methods with height and width take images of any size and resize them as {@code ./lentil classify} does. The other
 * methods take images that already have the network's size.
 *
 * <p>Any number of threads may call a classifier at once. As many callers as it was opened for are served at the same time; the
 * others wait. The weights are in memory once. With {@code open(file, new DeviceOptions(1), 4)} four threads work on four
 * images, with {@code open(file, new DeviceOptions(4))} on one image. The classifier owns threads and working memory until it is
 * closed. Callers own none, so each image may come from a new thread, also a virtual one.
 */
public final class ImageClassifier implements AutoCloseable {
  private static final int CHANNELS = 3;

  private final Model model;
  private final Lanes lanes;

  private ImageClassifier(Model model, Lanes lanes) {
    this.model = model;
    this.lanes = lanes;
  }

  /** A model of a Lentil weight file on the CPU, for one caller at a time, with as many threads as there are processors. */
  public static ImageClassifier open(Path weights) {
    return open(weights, DeviceOptions.defaults());
  }

  /** A model of a Lentil weight file on the CPU, for one caller at a time; see {@link #open(Path, DeviceOptions, int)}. */
  public static ImageClassifier open(Path weights, DeviceOptions options) {
    return open(weights, options, 1);
  }

  /**
   * A model of a Lentil weight file on the CPU.
   *
   * @param options {@code threads} are those of each caller's image
   * @param callers how many are served at the same time, at least 1; each takes a few megabytes
   * @throws ModelFileException if the file does not hold a MobileNetV2 with classes
   * @throws dev.lentil.safetensors.SafetensorsException if it is not a sound safetensors file
   */
  public static ImageClassifier open(Path weights, DeviceOptions options, int callers) {
    Model model = ModelFile.read(weights);
    try {
      return open(model, Backends.named("cpu"), options, callers);
    } catch (Model.NoClassesException e) {
      throw new ModelFileException(weights + ": " + e.getMessage(), e);
    }
  }

  /**
   * For one caller at a time.
   *
   * @throws IllegalArgumentException if the model has no head, and so no classes
   */
  public static ImageClassifier open(Model model, Backend backend, DeviceOptions options) {
    return open(model, backend, options, 1);
  }

  /**
   * @param options {@code threads} are those of each caller's image
   * @param callers how many are served at the same time, at least 1; see {@link #callers}
   * @throws IllegalArgumentException if the model has no head, and so no classes
   */
  public static ImageClassifier open(Model model, Backend backend, DeviceOptions options, int callers) {
    model.requireClasses();
    return new ImageClassifier(model,
        Lanes.open(backend, options, model.architecture().network(), model.weights(), callers));
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

  /** How many probabilities each image has. */
  public int classes() {
    return model.architecture().head().classes();
  }

  /** How many callers are served at the same time: as many as requested, but only one on a backend that runs one plan at a time. */
  public int callers() {
    return lanes.count();
  }

  /**
   * The probability of each class. A network with one output has two classes: 0 with {@code 1-p}, 1 with {@code p}.
   *
   * @param argb {@code [height,width]} pixels {@code 0xAARRGGBB}, as {@code BufferedImage.getRGB} gives; alpha is
   *     ignored
   * @throws IllegalStateException after {@link #close}, like all methods that classify images
   */
  public float[] probabilities(int[] argb) {
    requireLength(argb.length, height() * width(), "pixels");
    return run(model.scaling().scale(argb), 1).getFirst();
  }

  /**
   * As {@link #probabilities(int[])}, for a photograph of any size, which {@link Model#fit} resizes to the network's.
   *
   * @param argb {@code [height,width]} pixels {@code 0xAARRGGBB}; {@code BufferedImage.getRGB} gives those of colour photographs,
   *     but brightens grey ones, whose samples are in {@code getRaster}
   * @throws IllegalArgumentException if there are more or fewer
   */
  public float[] probabilities(int[] argb, int height, int width) {
    return run(model.input(RgbImage.ofArgb(height, width, argb)), 1).getFirst();
  }

  /**
   * As {@link #probabilities(int[], int, int)}, but the mean over {@link Model#views}; each view takes the time of an image. The
   * {@code threshold} of a network that {@code ./lentil train} made is for these probabilities. With one view, the result is the same.
   */
  public float[] probabilitiesOverViews(int[] argb, int height, int width) {
    return probabilitiesOverViews(RgbImage.ofArgb(height, width, argb));
  }

  /**
   * As {@link #probabilitiesOverViews(int[], int, int)}.
   *
   * @param photograph of any size
   * @throws IllegalArgumentException if the views need an image that is square, and the network's is not
   */
  public float[] probabilitiesOverViews(RgbImage photograph) {
    if (model.views().needsSquare() && height() != width()) {
      throw new IllegalArgumentException("views '" + model.views() + "' turn the image, but the network's are of "
          + height() + "x" + width() + "; take a resolution with the same height and width");
    }
    RgbImage image = model.fit(photograph);
    List<View> views = model.views().all();
    var means = new double[classes()];
    for (View view : views) {
      float[] probabilities = run(model.scaling().scale(view.of(image).values()), 1).getFirst();
      for (int c = 0; c < means.length; c++) {
        means[c] += probabilities[c] / (double) views.size();
      }
    }
    var result = new float[means.length];
    for (int c = 0; c < result.length; c++) {
      result[c] = (float) means[c];
    }
    return result;
  }

  /**
   * As {@link #probabilities(int[])}, for several images at once, which takes less time than one after the other. The
   * network is planned again whenever the number of images changes, so use the same number each time.
   *
   * @param images each as {@link #probabilities(int[])} takes it; {@link Model#fit} and {@link RgbImage#argb} make one of a
   *     photograph of any size
   * @return the probabilities of each image
   */
  public List<float[]> probabilities(List<int[]> images) {
    if (images.isEmpty()) {
      return List.of();
    }
    int size = height() * width() * CHANNELS;
    if ((long) images.size() * size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(images.size() + " images of " + height() + "x" + width() + " need "
          + (long) images.size() * size + " values, more than one array can hold: give fewer at once");
    }
    float[] scaled = new float[images.size() * size];
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
   * @throws IllegalArgumentException if there are more or fewer, or one is infinite or no number
   */
  public float[] probabilities(float[] rgb) {
    requireLength(rgb.length, height() * width() * CHANNELS, "values");
    InputScaling.requireNumbers(rgb);
    return run(model.scaling().scale(rgb), 1).getFirst();
  }

  /**
   * The most likely classes, the most likely first; see {@link #probabilities(int[])}.
   *
   * @param count of them, at most; 0 or more
   */
  public List<Prediction> top(int count, int[] argb) {
    return likeliest(count, probabilities(argb));
  }

  /** The most likely classes, the most likely first; see {@link #probabilities(int[], int, int)}. */
  public List<Prediction> top(int count, int[] argb, int height, int width) {
    return likeliest(count, probabilities(argb, height, width));
  }

  /** The most likely classes, the most likely first; see {@link #probabilities(float[])}. */
  public List<Prediction> top(int count, float[] rgb) {
    return likeliest(count, probabilities(rgb));
  }

  private static List<Prediction> likeliest(int count, float[] probabilities) {
    if (count < 0) {
      throw new IllegalArgumentException("asked for " + count + " classes; ask for 0 or more");
    }
    return IntStream.range(0, probabilities.length).mapToObj(i -> new Prediction(i, probabilities[i]))
        .sorted(Comparator.comparingDouble(Prediction::probability).reversed().thenComparingInt(Prediction::index))
        .limit(count).toList();
  }

  private List<float[]> run(float[] scaled, int images) {
    float[] outputs = lanes.run(Batch.of(Tensor.of(Shape.of(images, height(), width(), CHANNELS), scaled))).floats();
    int each = outputs.length / images;
    return IntStream.range(0, images).mapToObj(i -> each == 1
        ? new float[] {1 - outputs[i], outputs[i]}
        : Arrays.copyOfRange(outputs, i * each, (i + 1) * each)).toList();
  }

  private void requireLength(int length, int needed, String what) {
    if (length != needed) {
      throw new IllegalArgumentException("got " + length + " " + what + ", but an image of " + height() + "x" + width()
          + " has " + needed + "; bring the image to that size first, or give its pixels with their height and width");
    }
  }

  /** Waits for running calls. Callers that wait for their turn get an {@link IllegalStateException}. */
  @Override
  public void close() {
    lanes.close();
  }
}
