package dev.lentil.backend.cuda;

import dev.lentil.backend.ParameterAverage;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.driver.Grid;
import dev.lentil.nn.Weights;
import java.util.function.Function;

/** A mean of parameters on the card, in their layout: a launch for each step, and nothing that is waited for. */
final class CudaAverage implements ParameterAverage {
  private final CudaDevice device;
  private final DeviceMemory values;
  private final int count;
  private final Function<double[], Weights> named;
  private final DeviceMemory mean;
  private boolean open = true;

  /** @param named gives the values of the layout their names */
  CudaAverage(CudaDevice device, DeviceMemory values, double[] start, Function<double[], Weights> named) {
    this.device = device;
    this.values = values;
    this.named = named;
    count = start.length;
    device.driver().makeCurrent();
    mean = device.driver().allocate((long) Double.BYTES * count, memory -> memory.upload(0, start));
  }

  @Override
  public void add(double share) {
    device.driver().makeCurrent();
    device.kernels().launch("mean.cu", "add_to_mean", Grid.elements(count), values.address(), mean.address(), share,
        count).enqueue(device.stream());
  }

  @Override
  public Weights weights() {
    device.driver().makeCurrent();
    double[] copy = new double[count];
    mean.download(0, copy);
    return named.apply(copy);
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      device.driver().makeCurrent();
      mean.close();
    }
  }
}
