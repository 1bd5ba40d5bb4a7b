package dev.lentil.weights.scheme;

import dev.lentil.weights.store.StoredTensor;
import java.util.List;

/**
 * What became of a tensor of the file.
 *
 * @param name in the file
 * @param type as {@link StoredTensor#type}
 */
public record SourceTensor(String name, String type, List<Long> shape, Fate fate) {
  /** Mapped or ignored; a tensor that is neither is an error. */
  public sealed interface Fate {}

  /** It is a parameter of the network. */
  public record Mapped(String parameter, Layout layout) implements Fate {}

  /** It is none, and the network's outputs do not depend on it. */
  public record Ignored(String reason) implements Fate {}

  public SourceTensor {
    shape = List.copyOf(shape);
  }

  static SourceTensor of(StoredTensor tensor, Fate fate) {
    return new SourceTensor(tensor.name(), tensor.type(), tensor.shape(), fate);
  }
}
