package dev.lentil.backend.cuda;

import dev.lentil.backend.Availability;
import dev.lentil.backend.Backend;
import dev.lentil.backend.BackendException;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Precision;
import dev.lentil.backend.cuda.blas.BlasProvider;
import dev.lentil.backend.cuda.dnn.CudnnChoice;
import dev.lentil.backend.cuda.driver.Driver;
import dev.lentil.backend.cuda.nvrtc.NvrtcProvider;
import java.util.StringJoiner;

/** Plans on an NVIDIA card. */
public final class CudaBackend implements Backend {
  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public Availability probe() {
    try {
      int cards = Driver.count();
      var found = new StringJoiner("; ");
      for (int card = 0; card < cards; card++) {
        found.add((cards > 1 ? "cuda:" + card + " " : "") + Driver.describe(card).text());
      }
      found.add(BlasProvider.choose().text());
      found.add(NvrtcProvider.choose().text());
      found.add(CudnnChoice.of(Precision.FLOAT32).text());
      return new Availability.Available(found.toString());
    } catch (BackendException e) {
      return new Availability.Unavailable(e.getMessage());
    } catch (LinkageError | RuntimeException e) {
      // A probe never throws, whatever a broken installation does.
      return new Availability.Unavailable("the CUDA libraries of this machine cannot be used (" + e
          + "). Set LENTIL_CUDA_PATH to the folder of a working installation");
    }
  }

  @Override
  public Device open(DeviceOptions options) {
    return CudaDevice.open(options);
  }
}
