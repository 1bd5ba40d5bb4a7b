package dev.lentil.mobilenetv2;

import dev.lentil.backend.Backend;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.ParameterBank;
import dev.lentil.explain.FeatureMaps;
import dev.lentil.explain.GradCam;
import dev.lentil.explain.HeatMap;
import dev.lentil.explain.Occlusion;
import dev.lentil.explain.Patches;
import dev.lentil.explain.StrongestPath;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.train.Evaluator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows where the answers of a model come from. Images have the network's size, as {@code [height,width,3]} values of 0 to 255;
 * the model's input scaling is applied here. An explainer owns the backend's threads until it is closed; after that every method
 * that takes an image throws an {@link IllegalStateException}. Several threads must not use it at once.
 */
public final class ImageExplainer implements AutoCloseable {
  private static final int CHANNELS = 3;
  /** A coarser map says little of where. */
  private static final int LEAST_PLACES = 4;
  /** Covered images that go through the network at once. */
  private static final int BATCH = 16;

  private final Model model;
  private final Device device;
  private final ParameterBank bank;
  private final Evaluator evaluator;
  private final Occlusion occlusion;
  private final Map<String, GradCam> gradCams = new HashMap<>();
  private boolean closed;

  private ImageExplainer(Model model, Device device, ParameterBank bank) {
    this.model = model;
    this.device = device;
    this.bank = bank;
    // the loss is not asked for
    this.evaluator = new Evaluator(device, bank, new Loss.WeightedLogits());
    this.occlusion = Occlusion.open(device, bank, BATCH);
  }

  /** @throws IllegalArgumentException if the model has no classes, only features */
  public static ImageExplainer open(Model model, Backend backend, DeviceOptions options) {
    model.requireClasses();
    Device device = backend.open(options);
    try {
      return new ImageExplainer(model, device, device.load(model.architecture().network(), model.weights()));
    } catch (RuntimeException | Error e) {
      // an Error too: there may be too little memory for the weights
      device.close();
      throw e;
    }
  }

  public Model model() {
    return model;
  }

  /** The layers, whose names the methods take. */
  public Network network() {
    return bank.network();
  }

  /**
   * The layer that Grad-CAM shows best: {@link MobileNetV2#LAST_ACTIVATION}, where it is the class activation map, if that has at
   * least 4 x 4 places, as for images of 224 pixels; for smaller images the last sum of a block that has.
   */
  public static String layerToShow(Network network) {
    return network.nodes().reversed().stream()
        .filter(node -> node.name().equals(MobileNetV2.LAST_ACTIVATION) || node.layer() instanceof Layer.Add)
        .map(Network.Node::name)
        .filter(name -> Math.min(network.shape(name).extent(0), network.shape(name).extent(1)) >= LEAST_PLACES)
        .findFirst().orElse(MobileNetV2.LAST_ACTIVATION);
  }

  /** The input of the sigmoid or softmax. */
  public double[] logits(float[] rgb) {
    Tensor image = image(rgb);
    return evaluator.logits(Batch.of(Tensor.of(image.shape().batched(1), image.floats()))).doubles();
  }

  /**
   * {@link GradCam} of a layer, signed.
   *
   * @throws IllegalArgumentException if the layer is not there or has no places
   */
  public HeatMap gradCam(float[] rgb, Answer answer, String layer) {
    var factors = answer.factors(logits(rgb));
    return gradCams.computeIfAbsent(layer, name -> GradCam.open(device, bank, name)).of(image(rgb), factors);
  }

  /**
   * {@link Occlusion}, in units of the answer's log-odds.
   *
   * @param fill what a covered pixel shows: red, green and blue, 0 to 255
   */
  public HeatMap occlusion(float[] rgb, Answer answer, Patches patches, float[] fill) {
    return occlusion.of(image(rgb), patches, model.scaling().scale(fill), answer::logOdds);
  }

  /** The first channels of a layer's output; see {@link FeatureMaps}. */
  public List<HeatMap> features(float[] rgb, String layer, int count) {
    return FeatureMaps.of(device, bank, image(rgb), layer, count);
  }

  /** One path from a pixel to the answer's logit, with all its arithmetic; for several classes, to the logit of the most likely one. */
  public StrongestPath strongestPath(float[] rgb, Answer answer) {
    return StrongestPath.of(device, bank, image(rgb), answer.factors(logits(rgb)));
  }

  private Tensor image(float[] rgb) {
    if (closed) {
      throw new IllegalStateException("the explainer is closed");
    }
    var shape = Shape.of(model.architecture().height(), model.architecture().width(), CHANNELS);
    if (rgb.length != shape.size()) {
      throw new IllegalArgumentException("got " + rgb.length + " values, but an image of " + shape + " has "
          + shape.size() + "; bring the image to that size first");
    }
    InputScaling.requireNumbers(rgb);
    return Tensor.of(shape, model.scaling().scale(rgb));
  }

  @Override
  public void close() {
    closed = true;
    gradCams.values().forEach(GradCam::close);
    occlusion.close();
    evaluator.close();
    bank.close();
    device.close();
  }
}
