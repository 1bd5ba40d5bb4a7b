package dev.lentil.bench.jmh;

import dev.lentil.bench.Work;
import dev.lentil.bench.compare.RandomModel;
import dev.lentil.bench.contender.Images;
import dev.lentil.bench.contender.LentilInference;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Network;
import dev.lentil.nn.Summary;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A forward pass of MobileNetV2 1.0/224. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class InferenceBenchmark implements Measured {
  @Param({"1", "8", "32"})
  public int batch;

  @Param({"1", "2"})
  public int threads;

  private LentilInference inference;

  @Setup
  public void prepare() {
    Model model = RandomModel.of(MobileNetV2.imageNet());
    Network network = model.architecture().network();
    inference = new LentilInference(network, model.weights(), Images.random(network, batch, 1), threads);
  }

  @TearDown
  public void close() {
    inference.close();
  }

  @Benchmark
  public float[] infer() {
    return inference.run();
  }

  /** The bytes are those of the parameters and of the images: the least that a pass must read. */
  @Override
  public Work work(String method) {
    Network network = MobileNetV2.imageNet().network();
    Summary summary = Summary.of(network);
    long image = network.shape(network.inputNode().name()).size();
    return new Work(2.0 * batch * summary.multiplyAdds(),
        (double) Float.BYTES * (summary.parameters() + batch * image));
  }

  @Override
  public int threads() {
    return threads;
  }
}
