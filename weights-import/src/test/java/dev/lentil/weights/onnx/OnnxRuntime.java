package dev.lentil.weights.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** An ONNX file opened in ONNX Runtime, for tests: images go in and outputs come out in Lentil's layout. */
final class OnnxRuntime implements AutoCloseable {
  private final OrtSession session;

  OnnxRuntime(Path file) throws OrtException {
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
    }
  }

  /** Writes the model as ONNX Runtime optimises it at a level. */
  static void optimise(Path file, OrtSession.SessionOptions.OptLevel level, Path optimised) throws OrtException {
    try (var options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(level);
      options.setOptimizedModelFilePath(optimised.toString());
      OrtEnvironment.getEnvironment().createSession(file.toString(), options).close();
    }
  }

  String outputName() {
    return session.getOutputNames().iterator().next();
  }

  /** The extents of the input as the file has them, -1 for a free one. */
  long[] inputShape() throws OrtException {
    NodeInfo input = session.getInputInfo().values().iterator().next();
    return ((ai.onnxruntime.TensorInfo) input.getInfo()).getShape();
  }

  Map<String, String> metadata() throws OrtException {
    return session.getMetadata().getCustomMetadata();
  }

  /** @param images {@code [n,h,w,c]} */
  Tensor run(Tensor images) throws OrtException {
    int[] n = images.shape().toArray();
    float[] planes = transposed(images.floats(), n[0], n[1] * n[2], n[3]);
    long[] shape = {n[0], n[3], n[1], n[2]};
    try (var input = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), FloatBuffer.wrap(planes), shape);
        var result = session.run(Map.of(session.getInputNames().iterator().next(), input))) {
      var output = (OnnxTensor) result.get(0);
      int[] extents = Arrays.stream(output.getInfo().getShape()).mapToInt(Math::toIntExact).toArray();
      float[] values = new float[output.getFloatBuffer().remaining()];
      output.getFloatBuffer().get(values);
      return extents.length == 2
          ? Tensor.of(Shape.of(extents), values)
          : Tensor.of(Shape.of(extents[0], extents[2], extents[3], extents[1]),
              transposed(values, extents[0], extents[1], extents[2] * extents[3]));
    }
  }

  /** {@code [n,rows,columns]} to {@code [n,columns,rows]}. */
  private static float[] transposed(float[] values, int n, int rows, int columns) {
    float[] transposed = new float[values.length];
    for (int i = 0; i < n; i++) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          transposed[(i * columns + c) * rows + r] = values[(i * rows + r) * columns + c];
        }
      }
    }
    return transposed;
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
