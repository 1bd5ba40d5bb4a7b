package dev.lentil.bench.contender;

/** One program with a network, its weights, a batch of images and a number of threads, ready to infer. */
public interface Inference extends AutoCloseable {
  /** Who it is: {@code lentil}, {@code onnxruntime}, {@code pytorch}. */
  String name();

  /**
   * One forward pass over the batch.
   *
   * @return the network's output, {@code [n,k]}
   */
  float[] run();

  @Override
  void close();
}
