package dev.lentil.bench.jmh;

import dev.lentil.bench.Work;
import dev.lentil.bench.compare.Case;
import dev.lentil.bench.compare.RandomModel;
import dev.lentil.bench.contender.LentilTraining;
import dev.lentil.bench.contender.TrainingTask;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.Network;
import dev.lentil.nn.Summary;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A training step of all layers of MobileNetV2 1.0/224, batch statistics, batch 32. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 3, time = 10)
public class TrainingBenchmark implements Measured {
  private static final int BATCH = 32;

  @Param({"1", "2"})
  public int threads;

  private LentilTraining training;

  @Setup
  public void prepare() {
    training = new LentilTraining(TrainingTask.of(RandomModel.of(MobileNetV2.imageNet()), BATCH), threads);
  }

  @TearDown
  public void close() {
    training.close();
  }

  @Benchmark
  public double step() {
    return training.step();
  }

  /**
   * The bytes are those of all activations, written once and read once forward, and the same for their gradients; a
   * batch's do not stay in any cache.
   */
  @Override
  public Work work(String method) {
    Network network = MobileNetV2.imageNet().withHead(Head.binary()).network();
    double activations = (double) BATCH * Summary.of(network).activationBytes();
    return new Work(new Case(Case.Work.TRAIN, BATCH, threads).operations(network), 4 * activations);
  }

  @Override
  public int threads() {
    return threads;
  }
}
