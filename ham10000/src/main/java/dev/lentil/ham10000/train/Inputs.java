package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Pixels;
import dev.lentil.ham10000.data.Split;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Weights;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What a run is fed with: the checksums of all images as the network gets them and of the weights that it starts from, in
 * {@code inputs.csv}. A run that goes on must find the same.
 */
final class Inputs {
  static final String FILE_NAME = "inputs.csv";

  private static final String HEADER = "input,crc32c";
  private static final String WEIGHTS = "weights";

  private Inputs() {}

  static void write(Path run, RunData data, Model base) {
    var text = new StringBuilder(HEADER).append('\n');
    var all = new LinkedHashMap<String, Long>();
    all.put(WEIGHTS, checksum(base.weights()));
    all.putAll(images(data));
    all.forEach((name, crc) -> text.append(name).append(',').append(hex(crc)).append('\n'));
    RunFolder.write(run.resolve(FILE_NAME), text.toString());
  }

  /**
   * @throws UserError that names the first that is not what the run began with
   */
  static void requireSame(Path run, RunData data, Model base) {
    requireSameImages(run, data);
    String crc = hex(checksum(base.weights()));
    Map<String, String> before = read(run);
    if (!before.isEmpty() && !crc.equals(before.get(WEIGHTS))) {
      throw new UserError(run + ": the weights are not those that the run began with; give the same file, if it was "
          + "moved with --set weights=FILE");
    }
  }

  /** The same for labels, split and images alone. */
  static void requireSameImages(Path run, RunData data) {
    requireSameSplit(run, data.split());
    Map<String, String> before = read(run);
    List<String> changed = before.isEmpty()
        ? List.of()
        : images(data).entrySet().stream()
            .filter(image -> !hex(image.getValue()).equals(before.get(image.getKey())))
            .map(Map.Entry::getKey).toList();
    if (!changed.isEmpty()) {
      throw new UserError(run + ": " + changed.size() + " of " + data.split().members().size()
          + " images are not those that the run began with, first " + changed.getFirst()
          + "; restore them, or start a new run with what is there now");
    }
  }

  private static void requireSameSplit(Path run, Split split) {
    Path file = run.resolve(Split.FILE_NAME);
    if (!Files.exists(file)) {
      return;
    }
    List<String> before = RunFolder.read(file).lines().toList();
    List<String> now = split.csv().lines().toList();
    for (int i = 0; i < Math.max(before.size(), now.size()); i++) {
      String was = i < before.size() ? before.get(i) : "nothing";
      String is = i < now.size() ? now.get(i) : "nothing";
      if (!was.equals(is)) {
        throw new UserError(file + ": the metadata are not those that the run began with, first in line " + (i + 1)
            + ", which was '" + was + "' and would be '" + is
            + "'; restore the metadata file, or start a new run with what is there now");
      }
    }
  }

  /** By name; empty if there is no file. */
  private static Map<String, String> read(Path run) {
    Path file = run.resolve(FILE_NAME);
    var checksums = new LinkedHashMap<String, String>();
    if (Files.exists(file)) {
      for (String line : RunFolder.read(file).lines().skip(1).toList()) {
        int comma = line.lastIndexOf(',');
        checksums.put(line.substring(0, Math.max(0, comma)), line.substring(comma + 1));
      }
    }
    return checksums;
  }

  private static Map<String, Long> images(RunData data) {
    Pixels pixels = data.pixels();
    var checksums = new LinkedHashMap<String, Long>();
    data.split().members()
        .forEach(member -> checksums.put(member.imageId(),
            pixels.checksum(data.indexOf().applyAsInt(member.imageId()))));
    return checksums;
  }

  private static String hex(long crc) {
    return HexFormat.of().toHexDigits((int) crc);
  }

  private static long checksum(Weights weights) {
    var crc = new CRC32C();
    new TreeMap<>(weights.tensors()).forEach((_, tensor) -> {
      float[] values = tensor.floats();
      ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
      bytes.asFloatBuffer().put(values);
      crc.update(bytes);
    });
    return crc.getValue();
  }
}
