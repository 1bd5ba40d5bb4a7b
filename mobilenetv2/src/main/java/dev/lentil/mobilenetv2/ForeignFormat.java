package dev.lentil.mobilenetv2;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The weight file formats of other programs, recognised by a file's first bytes or its name. */
enum ForeignFormat {
  HDF5("\u0089HDF", "an HDF5 file, as Keras writes (.h5)"),
  ZIP("PK\u0003\u0004", "a ZIP archive, as PyTorch (.pth), Keras (.keras) and NumPy (.npz) write"),
  /** Of protocol 2, which PyTorch has always used. */
  PICKLE("\u0080\u0002", "a Python pickle, as old versions of PyTorch write (.pth)"),
  NUMPY("\u0093NUMPY", "a NumPy array (.npy)"),
  /** Has no mark of its own. */
  ONNX("", "an ONNX file");

  private static final String ONNX_SUFFIX = ".onnx";

  private final String mark;
  private final String text;

  ForeignFormat(String mark, String text) {
    this.mark = mark;
    this.text = text;
  }

  /** Empty if it is none of these, or cannot be read, about which its reader will say more. */
  static Optional<ForeignFormat> of(Path path) {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      return Optional.empty();
    }
    if (path.toString().toLowerCase(Locale.ROOT).endsWith(ONNX_SUFFIX)) {
      return Optional.of(ONNX);
    }
    String first;
    try (var in = Files.newInputStream(path)) {
      first = new String(in.readNBytes(NUMPY.mark.length()), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Arrays.stream(values()).filter(format -> !format.mark.isEmpty() && first.startsWith(format.mark))
        .findFirst();
  }

  @Override
  public String toString() {
    return text;
  }
}
