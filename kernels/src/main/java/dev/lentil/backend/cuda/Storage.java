package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.blas.Matrix;
import java.nio.ByteBuffer;

/** How activations and their gradients are stored: {@code real} in the {@code .cu} files. */
enum Storage {
  FLOAT32(4, Matrix.Type.FLOAT32), BFLOAT16(2, Matrix.Type.BFLOAT16);

  private final int bytes;
  private final Matrix.Type type;

  Storage(int bytes, Matrix.Type type) {
    this.bytes = bytes;
    this.type = type;
  }

  /** Bytes of one element. */
  int bytes() {
    return bytes;
  }

  Matrix.Type type() {
    return type;
  }

  /** All elements, widened to float32, which is exact. */
  float[] floats(ByteBuffer stored) {
    float[] values = new float[stored.remaining() / bytes];
    switch (this) {
      case FLOAT32 -> stored.asFloatBuffer().get(values);
      case BFLOAT16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.intBitsToFloat(stored.getShort(2 * i) << 16);
        }
      }
    }
    return values;
  }
}
