package dev.lentil.bench.contender;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * Inference by ONNX Runtime from a file, with all its graph optimisations and its threads waiting actively between two
 * operations, which are its defaults.
 */
public final class OnnxRuntimeInference implements Inference {
  private final OrtSession session;
  private final OnnxTensor input;
  private final Map<String, OnnxTensor> inputs;

  /**
   * @param file a model that takes {@code [n,c,h,w]} and has one output
   */
  public OnnxRuntimeInference(Path file, Images images, int threads) {
    try (var options = new SessionOptions()) {
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      var environment = OrtEnvironment.getEnvironment();
      session = environment.createSession(file.toString(), options);
      float[] planes = images.planes();
      FloatBuffer buffer = ByteBuffer.allocateDirect(planes.length * Float.BYTES).order(ByteOrder.nativeOrder())
          .asFloatBuffer().put(planes).flip();
      input = OnnxTensor.createTensor(environment, buffer, images.planesShape());
      inputs = Map.of(session.getInputNames().iterator().next(), input);
    } catch (OrtException e) {
      throw new IllegalStateException(file + ": ONNX Runtime cannot load it: " + e.getMessage(), e);
    }
  }

  @Override
  public String name() {
    return "onnxruntime";
  }

  @Override
  public float[] run() {
    try (OrtSession.Result result = session.run(inputs)) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] copy = new float[values.remaining()];
      values.get(copy);
      return copy;
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    input.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot be closed: " + e.getMessage(), e);
    }
  }
}
