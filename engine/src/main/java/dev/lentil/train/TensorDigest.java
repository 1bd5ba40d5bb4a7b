package dev.lentil.train;

import dev.lentil.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** SHA-256 of a text and named tensors: names, types, shapes and values, whatever their order. */
final class TensorDigest {
  private static final int CHUNK = 1 << 13;

  private TensorDigest() {}

  /** Lower-case hexadecimal. */
  static String of(String text, Map<String, Tensor> tensors) {
    MessageDigest digest = sha256();
    add(digest, text);
    new TreeMap<>(tensors).forEach((name, tensor) -> {
      add(digest, name + " " + tensor.getClass().getSimpleName() + " " + tensor.shape());
      add(digest, tensor);
    });
    return HexFormat.of().formatHex(digest.digest());
  }

  /** With its length, so that no two sequences of texts look the same. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static void add(MessageDigest digest, Tensor tensor) {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Double.BYTES);
    int size = tensor.shape().size();
    for (int from = 0; from < size; from += CHUNK) {
      int count = Math.min(CHUNK, size - from);
      chunk.clear();
      switch (tensor) {
        case Tensor.F32 t -> chunk.asFloatBuffer().put(t.floats(), from, count);
        case Tensor.F64 t -> chunk.asDoubleBuffer().put(t.doubles(), from, count);
      }
      digest.update(chunk.limit(count * (tensor instanceof Tensor.F32 ? Float.BYTES : Double.BYTES)));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
