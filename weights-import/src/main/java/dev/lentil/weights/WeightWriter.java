package dev.lentil.weights;

import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.safetensors.SafetensorsException;
import dev.lentil.safetensors.SafetensorsWriter;
import dev.lentil.tensor.Tensor;
import dev.lentil.weights.scheme.NamingScheme;
import dev.lentil.weights.scheme.Rename;
import dev.lentil.weights.store.WeightFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a model as safetensors under other programs' names and in their layouts, with no value changed. Metadata says
 * what no name does, so {@link WeightFile} reads the same model back.
 */
public final class WeightWriter {
  private WeightWriter() {}

  /**
   * Writes a model; the file appears when it is complete. PyTorch's {@code load_state_dict} takes the weights as they
   * are: it fills in its counters of batches.
   *
   * @param scheme whose names; {@link NamingScheme#KERAS} is Lentil's own file
   * @throws WeightFileException if the file cannot be written
   */
  public static void write(Path path, Model model, NamingScheme scheme) {
    try {
      if (scheme == NamingScheme.KERAS) {
        ModelFile.write(path, model);
        return;
      }
      var tensors = new LinkedHashMap<String, Tensor>();
      for (Rename rename : scheme.allRenames()) {
        if (model.weights().contains(rename.parameter())) {
          tensors.put(rename.source(), rename.layout().fromLentil(model.weights().get(rename.parameter())));
        }
      }
      Map<String, String> metadata = new TreeMap<>(ModelMetadata.of(model));
      // The word by which PyTorch's programs know their own files.
      metadata.put("format", "pt");
      SafetensorsWriter.write(path, tensors, metadata);
    } catch (SafetensorsException e) {
      throw new WeightFileException(e);
    }
  }
}
