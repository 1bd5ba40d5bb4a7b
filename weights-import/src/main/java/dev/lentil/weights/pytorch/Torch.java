package dev.lentil.weights.pytorch;

import dev.lentil.weights.store.ByteCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the few calls in a state dict's pickle mean. Source: PyTorch's torch/_utils.py ({@code _rebuild_tensor_v2} and its
 * like) and torch/serialization.py ({@code persistent_load}).
 */
final class Torch {
  /** Where {@code _rebuild_tensor_v2} has the tensor's marks, of which one turns the sign of its elements. */
  private static final int METADATA = 6;

  private Torch() {}

  /**
   * The value of a call.
   *
   * @param callee the name on the stack
   * @param in for messages
   */
  static Object call(Object callee, Object arguments, ByteCursor in) {
    if (!(arguments instanceof Python.Tuple(var items)) || !(callee instanceof Known known)) {
      throw in.error("a call of what cannot be called");
    }
    return switch (known) {
      case Known.DictType _ -> dict(items, in);
      case Known.RebuildTensor _ -> tensor(items, Optional.empty(), METADATA, in);
      case Known.RebuildTypedTensor _ -> {
        if (items.size() < METADATA + 1 || !(items.get(METADATA) instanceof Known.ElementType type)) {
          throw in.error("a tensor without the type of its elements");
        }
        yield tensor(items, Optional.of(type), METADATA + 1, in);
      }
      case Known.RebuildFromType _ -> {
        if (items.size() < 3 || items.getFirst() instanceof Known.RebuildFromType) {
          throw in.error("a tensor with attributes that is not made of function, type and arguments");
        }
        yield call(items.getFirst(), items.get(2), in);
      }
      case Known.RebuildParameter _ -> {
        if (items.isEmpty() || !(items.getFirst() instanceof Python.TensorView tensor)) {
          throw in.error("a parameter without a tensor");
        }
        yield tensor;
      }
      case Known.Harmless(String name) -> new Known.Inert(name);
      case Known.StorageType _, Known.ElementType _ -> throw in.error("a storage inside the pickle");
    };
  }

  /** A dictionary of items that follow, of another's (Counter), or, as Python 2 fills it, of those in a list of pairs. */
  private static Python.Dict dict(List<Object> items, ByteCursor in) {
    var dict = new Python.Dict();
    if (items.size() == 1 && items.getFirst() instanceof Known) {
      return dict; // a defaultdict's function for what is not in it
    }
    if (items.size() == 1 && items.getFirst() instanceof Python.Dict other) {
      dict.items.putAll(other.items);
    } else if (items.size() == 1 && items.getFirst() instanceof Python.Sequence pairs) {
      for (Object pair : pairs.items) {
        switch (pair) {
          case Python.Tuple(var both) when both.size() == 2 -> dict.items.put(both.get(0), both.get(1));
          case Python.Sequence both when both.items.size() == 2 -> dict.items.put(both.items.get(0), both.items.get(1));
          default -> throw in.error("a dictionary of what are not pairs");
        }
      }
    } else if (!items.isEmpty()) {
      throw in.error("a dictionary of what are not pairs");
    }
    return dict;
  }

  /**
   * @param own the type of the elements where it is not the storage's
   * @param metadata the position of the tensor's marks
   */
  private static Python.TensorView tensor(List<Object> items, Optional<Known.ElementType> own, int metadata,
      ByteCursor in) {
    if (items.size() < 4 || !(items.get(0) instanceof Python.Storage storage) || !(items.get(1) instanceof Long offset)
        || !(items.get(2) instanceof Python.Tuple(var shape)) || !(items.get(3) instanceof Python.Tuple(var strides))) {
      throw in.error("a tensor that is not made of storage, offset, size and stride");
    }
    Known.ElementType type = own.orElse(storage.type());
    boolean negated = items.size() > metadata && items.get(metadata) instanceof Python.Dict marks
        && Boolean.TRUE.equals(marks.items.get("neg"));
    return new Python.TensorView(negated ? type.negated() : type, storage, offset, wholes(shape, in),
        wholes(strides, in));
  }

  private static List<Long> wholes(List<Object> items, ByteCursor in) {
    var wholes = new ArrayList<Long>();
    for (Object item : items) {
      if (!(item instanceof Long whole)) {
        throw in.error("an extent that is no whole number");
      }
      wholes.add(whole);
    }
    return wholes;
  }

  /** The storage that a persistent identifier names: {@code ('storage', type, key, device, elements)}. */
  static Python.Storage storage(Object identifier, ByteCursor in) {
    if (!(identifier instanceof Python.Tuple(var items)) || items.size() < 5 || !items.get(0).equals("storage")
        || !(items.get(1) instanceof Known.StorageType(var type)) || !(items.get(2) instanceof String key)
        || !(items.get(4) instanceof Long elements)) {
      throw in.error("a reference that is not to a storage");
    }
    if (items.size() > 5 && items.get(5) != Python.NONE) {
      throw in.error("a storage that is a part of another, as PyTorch before 0.4 wrote it; save it with a newer one");
    }
    return new Python.Storage(type, key, elements);
  }
}
