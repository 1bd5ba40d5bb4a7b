package dev.lentil.mobilenetv2;

import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.plan.TrainingSpec;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where fine-tuning begins. The base's layers before the cut are frozen, the layers from the cut on are trained, and the head
 * is always trained.
 *
 * @param first the number, as Keras counts ({@link KerasLayers}), of the first layer that is trained; 154 or more
 *     trains nothing of the base
 * @param why one sentence for the user
 */
public record Cut(int first, String why) {

  /** Whether a cut may leave the whole base frozen without that having been asked for by a preset's name. */
  public enum Empty {
    REFUSED, ALLOWED
  }

  /** The cuts with names. */
  public enum Preset {
    /** What the paper says. */
    PAPER_LITERAL(160,
        "the paper's \"from layer 160\" taken literally: MobileNetV2 has 154 layers, 0 to 153, so the whole "
            + "base stays frozen and only the head is trained"),
    /** What the paper most likely means. */
    PAPER_INTENT(143, "what the paper most likely means: the last block, block_16, and what follows it"),
    /** TensorFlow's tutorial on transfer learning. */
    TUTORIAL(100, "the cut of TensorFlow's transfer learning tutorial: layer 100"),
    /** Everything. */
    FULL(0, "everything is trained");

    private final Cut cut;

    Preset(int first, String why) {
      cut = new Cut(first, why);
    }

    public Cut cut() {
      return cut;
    }

    /** The name on the command line and in configuration files: {@code paper-literal}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public Cut {
    if (first < 0) {
      throw new IllegalArgumentException("the cut is at layer " + first + ", but layers count from 0");
    }
  }

  /** The first training stage: the whole base frozen. */
  public static Cut headOnly() {
    return new Cut(Preset.PAPER_LITERAL.cut.first, "the whole base is frozen; only the head is trained");
  }

  /**
   * Reads a cut as people write it.
   *
   * @param text a preset ({@code paper-literal}, {@code paper-intent}, {@code tutorial}, {@code full}), the name of one
   *     of Keras's layers, or its number
   * @param batchNorm what the batch normalisations above the cut do: where they are frozen, a cut that has nothing else is empty
   * @throws IllegalArgumentException if it is none of them, or it trains nothing of the base and that is not allowed
   */
  public static Cut parse(String text, Network network, BatchNormMode batchNorm, Empty empty) {
    String asked = text.strip();
    for (Preset preset : Preset.values()) {
      if (preset.text().equals(asked)) {
        return preset.cut;
      }
    }
    KerasLayers layers = KerasLayers.of(network);
    Cut cut = layers.names().contains(asked)
        ? new Cut(layers.index(asked), "from layer " + asked + " on")
        : numbered(asked, layers);
    if (empty == Empty.REFUSED
        && cut.trainedCount(network, batchNorm) == headOnly().trainedCount(network, batchNorm)) {
      throw new IllegalArgumentException("the cut at layer " + asked
          + " trains nothing of the base, whose layers are 0 to " + (layers.count() - 1)
          + (cut.first < layers.count()
              ? " and none of whose parameters from there on is trained with batch normalisation "
                  + batchNorm.name().toLowerCase(Locale.ROOT)
              : "")
          + "; choose a lower number, or ask for it with --allow-empty-cut or the preset "
          + Preset.PAPER_LITERAL.text());
    }
    return cut;
  }

  private static Cut numbered(String asked, KerasLayers layers) {
    int number;
    try {
      number = Integer.parseInt(asked);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the cut '" + asked + "' is neither a preset ("
          + Arrays.stream(Preset.values()).map(Preset::text).collect(Collectors.joining(", "))
          + ") nor a layer's number (0 to " + (layers.count() - 1) + ") nor a layer's name (such as block_16_expand)",
          e);
    }
    return new Cut(number,
        0 <= number && number < layers.count()
            ? "from layer " + number + " (" + layers.names().get(number) + ") on"
            : "layer " + number + " does not exist: the whole base is frozen");
  }

  /** The names of the trainable layers, the head's included. */
  public Set<String> trainable(Network network) {
    var trainable = new HashSet<>(KerasLayers.of(network).from(first));
    trainable.addAll(TrainingSpec.layersFrom(network, MobileNetV2.headStart(network)));
    return trainable;
  }

  /**
   * The parameters that an optimiser would change.
   *
   * @param batchNorm what the batch normalisations above the cut do
   */
  public Set<String> trainedParameters(Network network, BatchNormMode batchNorm) {
    return spec(network, batchNorm).trainedParameters(network).stream().map(p -> p.name()).collect(Collectors.toSet());
  }

  /** How many numbers {@link #trainedParameters} are. */
  public long trainedCount(Network network, BatchNormMode batchNorm) {
    return spec(network, batchNorm).trainedParameters(network).stream().mapToLong(p -> p.shape().size()).sum();
  }

  /** What is trained and why, in two lines for the user. */
  public String explain(Network network) {
    List<String> base = KerasLayers.of(network).from(first);
    String layers = base.isEmpty()
        ? "only the head"
        : (base.size() == 1
            ? base.getFirst()
            : base.getFirst() + " to " + base.getLast() + " (" + base.size() + " layers of the base)")
            + " and the head";
    return String.format(Locale.ROOT,
        "%s.%nTrainable: %s; %,d parameters (%,d with batch normalisation frozen).",
        Character.toUpperCase(why.charAt(0)) + why.substring(1), layers, trainedCount(network, BatchNormMode.TRAINING),
        trainedCount(network, BatchNormMode.FROZEN));
  }

  // Which parameters are trained does not depend on the loss.
  private TrainingSpec spec(Network network, BatchNormMode batchNorm) {
    return new TrainingSpec(trainable(network), batchNorm, new Loss.BinaryCrossEntropy(), Optional.empty());
  }
}
