package dev.lentil.weights.scheme;

import dev.lentil.nn.Weights;
import dev.lentil.tensor.Tensor;
import dev.lentil.weights.scheme.SourceTensor.Fate;
import dev.lentil.weights.scheme.SourceTensor.Ignored;
import dev.lentil.weights.scheme.SourceTensor.Mapped;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.WeightFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds a MobileNetV2 among the tensors of a file by their names, and accounts for each of them. */
public final class NameRecogniser {
  /** Where training programs put the weights beside other things, the best first. */
  private static final List<String> WRAPPERS = List.of("state_dict.", "model.", "model_state_dict.", "net.");
  private static final List<String> AVERAGES =
      List.of("/ExponentialMovingAverage", "/RMSProp", "/RMSProp_1", "/Momentum", "/Adam", "/Adam_1");

  private final Path file;
  private final NamingScheme scheme;
  private final String prefix;
  private final Optional<String> otherHead;
  private final Map<String, Rename> renames = new HashMap<>();

  private NameRecogniser(Path file, NamingScheme scheme, String prefix, Optional<String> otherHead) {
    this.file = file;
    this.scheme = scheme;
    this.prefix = prefix;
    this.otherHead = otherHead;
    scheme.renames().forEach(rename -> renames.put(rename.source(), rename));
  }

  /**
   * Recognises by the scheme whose stem is among the names, or by the one that is given.
   *
   * @param wanted the scheme if the caller knows it
   * @param otherHead what the head has that none of Lentil's has, if the file says so; then it is left out
   * @throws WeightFileException if no scheme fits, a tensor can be neither mapped nor ignored, or one cannot be read
   */
  public static Recognised recognise(Path file, Map<String, StoredTensor> tensors, Optional<NamingScheme> wanted,
      Optional<String> otherHead) {
    List<NamingScheme> schemes = wanted.map(List::of).orElse(List.of(NamingScheme.values()));
    for (NamingScheme scheme : schemes) {
      if (scheme != NamingScheme.ONNX_GRAPH) {
        Optional<String> prefix = prefix(file, scheme, tensors);
        if (prefix.isPresent()) {
          return new NameRecogniser(file, scheme, prefix.get(), otherHead).recognise(tensors);
        }
      }
    }
    String stems = String.join(", ", schemes.stream().filter(scheme -> scheme != NamingScheme.ONNX_GRAPH)
        .map(scheme -> scheme.stem() + " (" + scheme.title() + ")").toList());
    throw new WeightFileException(file, "these are not a MobileNetV2's weights under names that are known: there is no "
        + stems + first(tensors));
  }

  private static String first(Map<String, StoredTensor> tensors) {
    return tensors.keySet().stream().findFirst().map(name -> "; they begin with '" + name + "'")
        .orElse("; the file holds no tensors");
  }

  /** What stands before the network's names; empty if the scheme's stem is not there. */
  private static Optional<String> prefix(Path file, NamingScheme scheme, Map<String, StoredTensor> tensors) {
    String stem = scheme.stem();
    var prefixes = new TreeSet<String>();
    for (String name : tensors.keySet()) {
      String normalised = scheme.normalised(name);
      if (normalised.equals(stem) || normalised.endsWith(scheme.separator() + stem)) {
        prefixes.add(normalised.substring(0, normalised.length() - stem.length()));
      }
    }
    if (prefixes.size() <= 1) {
      return prefixes.stream().findFirst();
    }
    // A checkpoint may hold the weights' running average beside them; the weights themselves are meant.
    for (String wrapper : WRAPPERS) {
      List<String> inside = prefixes.stream().filter(p -> p.startsWith(wrapper)).toList();
      if (inside.size() == 1) {
        return Optional.of(inside.getFirst());
      }
      if (!inside.isEmpty()) {
        break;
      }
    }
    throw new WeightFileException(file, "there are several networks in it, below " + prefixes
        + "; save the one that is meant alone");
  }

  private Recognised recognise(Map<String, StoredTensor> tensors) {
    var fates = new LinkedHashMap<String, Fate>();
    var byParameter = new LinkedHashMap<String, StoredTensor>();
    var rest = new LinkedHashMap<String, StoredTensor>();
    for (StoredTensor tensor : tensors.values()) {
      String name = scheme.normalised(tensor.name());
      Optional<String> outside = outside(name, tensor);
      Rename rename = renames.get(name.startsWith(prefix) ? name.substring(prefix.length()) : "");
      if (outside.isPresent()) {
        fates.put(tensor.name(), new Ignored(outside.get()));
      } else if (rename != null) {
        if (byParameter.putIfAbsent(rename.parameter(), tensor) != null) {
          throw new WeightFileException(file, "both '" + byParameter.get(rename.parameter()).name() + "' and '"
              + tensor.name() + "' are " + rename.parameter() + "; two networks of one name cannot be told apart");
        }
        requireRank(tensor, rename.layout());
        fates.put(tensor.name(), new Mapped(rename.parameter(), rename.layout()));
      } else {
        rest.put(name.substring(prefix.length()), tensor);
      }
    }
    var weights = new LinkedHashMap<String, Tensor>();
    byParameter.forEach((parameter, tensor) -> weights.put(parameter,
        ((Mapped) fates.get(tensor.name())).layout().toLentil(tensor.read())));
    Tensor last = weights.get(ConvolutionUnit.all().getLast().kernel());
    if (last != null) {
      head(tensors, rest, last.shape().extent(-1), weights, fates);
    }
    rest.forEach((name, tensor) -> {
      if (!fates.containsKey(tensor.name())) {
        requireNoLayer(name, tensor);
        fates.put(tensor.name(), new Ignored("of another head: not the one dense layer behind the features"));
      }
    });
    var sources = new ArrayList<SourceTensor>();
    tensors.values().forEach(tensor -> sources.add(SourceTensor.of(tensor, fates.get(tensor.name()))));
    return new Recognised(scheme, prefix, new Weights(weights), Map.of(), scheme.conventions(), sources);
  }

  /** Takes the dense layer behind the features if it is the whole head. */
  private void head(Map<String, StoredTensor> tensors, Map<String, StoredTensor> rest, long features,
      Map<String, Tensor> weights, Map<String, Fate> fates) {
    var candidates = rest;
    Optional<DenseHead> head = DenseHead.find(scheme, rest, features);
    // Where the network is a part of another, "backbone.", the head stands beside that.
    String around = prefix;
    while (head.isEmpty() && !around.isEmpty()) {
      around = layer(around.substring(0, around.length() - 1));
      around += around.isEmpty() ? "" : scheme.separator();
      candidates = beside(tensors, around);
      head = DenseHead.find(scheme, candidates, features);
    }
    if (head.isEmpty()) {
      return;
    }
    DenseHead dense = head.get();
    var all = new LinkedHashSet<>(candidates.values());
    all.addAll(rest.values());
    Optional<String> other = otherHead.or(() -> dense.incomplete(all));
    if (other.isPresent()) {
      rest.forEach(this::requireNoLayer);
      all.forEach(tensor -> fates.put(tensor.name(), new Ignored("of another head: it has " + other.get())));
      return;
    }
    weights.putAll(dense.read());
    fates.put(dense.kernel().name(), new Mapped(DenseHead.KERNEL, dense.layout()));
    dense.bias().ifPresent(bias -> fates.put(bias.name(), new Mapped(DenseHead.BIAS, Layout.SAME)));
  }

  /** The floating-point tensors below a name that are not the network's, by the rest of their names. */
  private Map<String, StoredTensor> beside(Map<String, StoredTensor> tensors, String around) {
    var beside = new LinkedHashMap<String, StoredTensor>();
    for (StoredTensor tensor : tensors.values()) {
      String name = scheme.normalised(tensor.name());
      if (name.startsWith(around) && !name.startsWith(prefix) && tensor.floating()
          && bookkeeping(name, tensor).isEmpty()) {
        beside.put(name.substring(around.length()), tensor);
      }
    }
    return beside;
  }

  /** Why a tensor is none of the network's whatever it is called; empty if it may be one. */
  private Optional<String> outside(String name, StoredTensor tensor) {
    return bookkeeping(name, tensor).or(() -> {
      if (!name.startsWith(prefix)) {
        return Optional.of("outside of '" + prefix + "', where the network is");
      }
      return tensor.floating() ? Optional.empty() : Optional.of(tensor.type() + ", not floating-point numbers");
    });
  }

  /** Why a tensor is what training keeps beside the weights; empty if it is not. */
  private static Optional<String> bookkeeping(String name, StoredTensor tensor) {
    if (name.endsWith("num_batches_tracked")) {
      return Optional.of("a counter of batches, which Lentil does not keep");
    }
    if (tensor.name().startsWith("optimizer") || AVERAGES.stream().anyMatch(name::endsWith)) {
      return Optional.of("an optimiser's memory or a running average");
    }
    return Optional.empty();
  }

  /** A tensor that has no place in the network can be left out unless it belongs to one of the features' layers. */
  private void requireNoLayer(String name, StoredTensor tensor) {
    String layer = layer(name);
    if (renames.keySet().stream().anyMatch(known -> layer(known).equals(layer))) {
      throw new WeightFileException(file, "'" + tensor.name() + "' changes what the layer '" + layer
          + "' gives, but a MobileNetV2 has no such weight there; this is another architecture");
    }
    if (tensor.shape().size() > 2) {
      throw new WeightFileException(file, "the kernel '" + tensor.name() + "' " + tensor.shape()
          + " is in no layer of a MobileNetV2; this is another architecture");
    }
  }

  private String layer(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf(scheme.separator())));
  }

  private void requireRank(StoredTensor tensor, Layout layout) {
    if (layout.rank() != 0 && tensor.shape().size() != layout.rank()) {
      throw new WeightFileException(file, "'" + tensor.name() + "' has the shape " + tensor.shape() + ", but must have "
          + layout.rank() + " axes; the file is damaged, or of another architecture");
    }
  }
}
