package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.blas.Matrix;
import dev.lentil.backend.cuda.driver.DeviceMemory;

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

  /** Copies elements to the host and widens them to float32, which is exact. */
  float[] read(DeviceMemory memory, long offset, int count) {
    float[] values = new float[count];
    switch (this) {
      case FLOAT32 -> memory.download(offset, values);
      case BFLOAT16 -> {
        short[] upper = new short[count];
        memory.download(offset, upper);
        for (int i = 0; i < count; i++) {
          values[i] = Float.intBitsToFloat(upper[i] << 16);
        }
      }
    }
    return values;
  }
}
