package dev.lentil.mobilenetv2;

import dev.lentil.mobilenetv2.image.Framing;
import dev.lentil.mobilenetv2.image.Resize;
import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.mobilenetv2.image.Views;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.Weights;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A MobileNetV2 with its weights and everything needed to use them correctly.
 *
 * @param scaling the input scaling that the weights expect
 * @param weights every parameter of {@code architecture.network()}, in its order
 * @param notes other metadata of the weight file, such as {@code licence}; see {@link ModelMetadata} for the keys that are
 *     not notes
 */
public record Model(MobileNetV2 architecture, InputScaling scaling, Weights weights, Map<String, String> notes) {
  /**
   * @throws IllegalArgumentException listing the weights that are missing or of another shape
   */
  public Model {
    weights = weights.matching(architecture.network());
    notes = Map.copyOf(new TreeMap<>(notes));
  }

  /** @throws NoClassesException if it has no head */
  void requireClasses() {
    if (architecture.head().classes() == 0) {
      throw new NoClassesException();
    }
  }

  /** The model has no head, and so no classes. */
  static final class NoClassesException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private NoClassesException() {
      super("the model has no classes, only features; give weights with " + Head.KERNEL + " and " + Head.BIAS);
    }
  }

  /** How the whole of each image was squashed to the network's size in training, if the weight file says so. */
  public Optional<Resize> resize() {
    return Optional.ofNullable(notes.get(ModelMetadata.RESIZE)).flatMap(Resize::named);
  }

  /** The views of an image whose mean probability is the network's judgement; one unless the weight file says otherwise. */
  public Views views() {
    return Optional.ofNullable(notes.get(ModelMetadata.VIEWS)).flatMap(Views::named).orElse(Views.ONE);
  }

  /** A photograph at the network's size: by {@link #resize} if there is one, as in training, otherwise by {@link Framing#AUTO}. */
  public RgbImage fit(RgbImage photograph) {
    int height = architecture.height();
    int width = architecture.width();
    return resize().map(resize -> resize.to(photograph, height, width))
        .orElseGet(() -> Framing.AUTO.to(photograph, height, width));
  }

  /** What the network reads of a photograph of any size: {@link #fit}, scaled; {@code [height,width,3]}. */
  public float[] input(RgbImage photograph) {
    return scaling.scale(fit(photograph).values());
  }

  /**
   * The same base under a new head, for transfer learning: its kernel is Glorot-uniform by the seed, its bias zero. The notes are about
   * what the network was trained for, and go, but for the licence of its weights.
   */
  public Model withHead(Head head, long seed) {
    MobileNetV2 changed = architecture.withHead(head);
    var kept = new HashMap<>(weights.tensors());
    kept.keySet().removeAll(Set.of(Head.KERNEL, Head.BIAS));
    return new Model(changed, scaling, Initializer.weights(changed.network(), seed).with(new Weights(kept)),
        Stream.of(ModelMetadata.LICENCE, ModelMetadata.LICENCE_OF_BASE).filter(notes::containsKey).limit(1)
            .collect(Collectors.toMap(_ -> ModelMetadata.LICENCE_OF_BASE, notes::get)));
  }

  /** The same network with other weights, as a training leaves them. */
  public Model withWeights(Weights weights) {
    return new Model(architecture, scaling, weights, notes);
  }

  /** The same weights for images of another size; a MobileNetV2 takes any. */
  public Model withResolution(int height, int width) {
    return new Model(architecture.withResolution(height, width), scaling, weights, notes);
  }
}
