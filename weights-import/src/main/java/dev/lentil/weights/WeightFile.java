package dev.lentil.weights;

import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.mobilenetv2.ModelFileException;
import dev.lentil.nn.Weights;
import dev.lentil.safetensors.SafetensorsException;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A weight file of any kind that is read, told apart by its first bytes, not by its name.
 *
 * @param model what it holds
 * @param unused weights in the file that belong to no layer of the model: another head, or an optimiser's memory
 */
public record WeightFile(Path path, Format format, Model model, List<String> unused) {
  /** The kinds of file. */
  public enum Format {
    /** Safetensors with Keras's names: Lentil's own. */
    SAFETENSORS,
    /** Keras's older HDF5 format, weights alone or a whole model. */
    KERAS_H5
  }

  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final String HEAD = "predictions";

  /**
   * Reads a file.
   *
   * @throws ModelFileException if it is not a weight file, is damaged, or does not hold a MobileNetV2
   * @throws SafetensorsException if it is a damaged safetensors file
   */
  public static WeightFile open(Path path) {
    byte[] start = start(path);
    if (startsWith(start, HDF5)) {
      KerasH5 file = KerasH5.read(path);
      Weights weights = withHead(file.weights());
      return of(path, Format.KERAS_H5, ModelFile.recognise(path.toString(), weights, file.facts()), weights);
    }
    if (startsWith(start, ZIP)) {
      throw new ModelFileException(
          path + ": this is a zip archive (.keras, .pth or .npz), which is not read; save the model "
              + "from Keras with model.save(\"name.h5\") or as safetensors under Keras's names");
    }
    try (var file = SafetensorsFile.open(path)) {
      var weights = new Weights(file.tensors(""));
      return of(path, Format.SAFETENSORS, ModelFile.recognise(path.toString(), weights, file.metadata()), weights);
    } catch (SafetensorsException e) {
      if (path.toString().endsWith(".safetensors")) {
        throw e;
      }
      throw new ModelFileException(path + ": not a weight file that is read; give safetensors or Keras's .h5", e);
    }
  }

  private static WeightFile of(Path path, Format format, Model model, Weights weights) {
    List<String> unused = weights.tensors().keySet().stream().filter(name -> !model.weights().contains(name)).toList();
    return new WeightFile(path, format, model, unused);
  }

  /**
   * The weights with the head's dense layer under its name here. Keras numbers it as it likes ({@code dense}, {@code
   * dense_3}); it is known by being the only matrix. With several matrices the head is another network, which is left
   * unused.
   */
  static Weights withHead(Weights weights) {
    List<String> matrices = weights.tensors().entrySet().stream()
        .filter(e -> e.getKey().endsWith("/kernel") && e.getValue().shape().rank() == 2).map(Map.Entry::getKey)
        .toList();
    if (matrices.size() != 1 || matrices.getFirst().startsWith(HEAD + "/")) {
      return weights;
    }
    String layer = matrices.getFirst().substring(0, matrices.getFirst().indexOf('/') + 1);
    var renamed = new LinkedHashMap<String, Tensor>();
    weights.tensors().forEach((name, tensor) -> renamed
        .put(name.startsWith(layer) ? HEAD + "/" + name.substring(layer.length()) : name, tensor));
    return new Weights(renamed);
  }

  private static byte[] start(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(HDF5.length);
    } catch (NoSuchFileException e) {
      throw new ModelFileException(path + ": there is no such weight file; check the path", e);
    } catch (IOException e) {
      throw new ModelFileException(path + ": the weight file cannot be read (" + e.getMessage() + "); check the path",
          e);
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }
}
