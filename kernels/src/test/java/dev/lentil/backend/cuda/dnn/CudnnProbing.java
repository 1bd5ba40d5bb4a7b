package dev.lentil.backend.cuda.dnn;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Precision;
import dev.lentil.backend.cuda.driver.CudaLibraries;
import dev.lentil.backend.cuda.driver.CudaLibraries.Found;
import java.util.Optional;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnHandle;

/**
 * A program for {@link TrueCudnnTest}: which cuDNN was found, which of the functions named on the command line it lacks,
 * what was chosen, and what cuDNN answers to being started.
 */
final class CudnnProbing {
  private CudnnProbing() {}

  public static void main(String[] functions) {
    Optional<Found> found = CudaLibraries.load("cudnn", 9);
    System.out.println("found: " + found.map(Found::where).orElse("none"));
    if (found.isEmpty()) {
      return;
    }
    for (String function : functions) {
      if (found.get().symbols().find(function).isEmpty()) {
        System.out.println("lacks: " + function);
      }
    }
    System.out.println("chosen: " + CudnnChoice.of(Precision.FLOAT32).text());
    try {
      CudnnError.check(JCudnn.cudnnCreate(new cudnnHandle()), "start");
      System.out.println("started");
    } catch (BackendException e) {
      System.out.println(e.getMessage());
    }
  }
}
