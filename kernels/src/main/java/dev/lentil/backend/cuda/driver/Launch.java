package dev.lentil.backend.cuda.driver;

import static dev.lentil.backend.cuda.driver.CudaError.check;

import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.JCudaDriver;

/** A kernel with its arguments. */
public final class Launch {
  private final String name;
  private final CUfunction function;
  private final Grid grid;
  private final Pointer arguments;

  Launch(String name, CUfunction function, Grid grid, Object[] arguments) {
    this.name = name;
    this.function = function;
    this.grid = grid;
    var pointers = new NativePointerObject[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      pointers[i] = switch (arguments[i]) {
        case Long address -> Pointer.to(new long[] {address});
        case Integer value -> Pointer.to(new int[] {value});
        case Float value -> Pointer.to(new float[] {value});
        case Double value -> Pointer.to(new double[] {value});
        case int[] structure -> Pointer.to(structure.clone());
        case long[] structure -> Pointer.to(structure.clone());
        default -> throw new IllegalArgumentException(
            "argument " + i + " of kernel " + name + " is a " + arguments[i].getClass().getName());
      };
    }
    this.arguments = Pointer.to(pointers);
  }

  public void enqueue(Stream stream) {
    check(JCudaDriver.cuLaunchKernel(function, grid.blocksX(), grid.blocksY(), grid.blocksZ(), grid.threadsX(),
        grid.threadsY(), 1, 0, stream.handle(), arguments, new Pointer()), "start kernel " + name);
  }
}
