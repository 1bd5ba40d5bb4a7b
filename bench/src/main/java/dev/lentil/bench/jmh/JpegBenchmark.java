package dev.lentil.bench.jmh;

import dev.lentil.bench.Work;
import dev.lentil.bench.contender.DrawnPhoto;
import dev.lentil.ham10000.image.ImageDecoder;
import dev.lentil.mobilenetv2.image.RgbImage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Decoding of a JPEG of 450x600 (height x width), the size of the data set's images, to RGB bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class JpegBenchmark implements Measured {
  private static final int BYTES = 600 * 450 * 3;

  private byte[] file;

  @Setup
  public void draw() {
    file = DrawnPhoto.jpeg();
  }

  @Benchmark
  public RgbImage decode() {
    return ImageDecoder.decodeDermatoscopic(file, "drawn.jpg");
  }

  /** No arithmetic is counted; the bytes are those of the pixels. */
  @Override
  public Work work(String method) {
    return new Work(0, BYTES);
  }

  @Override
  public int threads() {
    return 1;
  }
}
