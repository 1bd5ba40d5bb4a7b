package dev.lentil.weights.keras;

import dev.lentil.json.Json;
import dev.lentil.json.JsonException;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.TensorTable;
import dev.lentil.weights.store.WeightFileException;
import dev.lentil.weights.zip.ZipArchive;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keras 3's {@code .keras}: a zip archive of the configuration as JSON and the weights as HDF5. Source: Keras
 * saving_lib.py, {@code save_model}.
 */
public final class KerasArchive {
  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.weights.h5";
  private static final String METADATA = "metadata.json";

  private KerasArchive() {}

  /** Whether an archive is one of these. */
  public static boolean matches(ZipArchive archive) {
    return archive.contains(CONFIG) && archive.contains(WEIGHTS);
  }

  /**
   * @throws WeightFileException if a part is damaged
   */
  public static TensorTable read(Path file, ZipArchive archive) {
    var facts = new LinkedHashMap<>(KerasConfig.facts(file, text(archive, CONFIG)));
    if (archive.contains(METADATA)) {
      try {
        if (Json.parse(text(archive, METADATA)) instanceof Map<?, ?> metadata
            && metadata.get("keras_version") instanceof String version) {
          facts.put("producer", "Keras " + version);
        }
      } catch (JsonException e) {
        throw new WeightFileException(file, METADATA + " is damaged (" + e.getMessage() + "); get the file again", e);
      }
    }
    HdfTree tree = HdfTree.of(file, archive.get(WEIGHTS));
    return tree.guarded(() -> KerasWeightsH5.read(file, tree, FileFormat.KERAS_ARCHIVE, facts));
  }

  private static String text(ZipArchive archive, String entry) {
    return new String(archive.get(entry).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }
}
