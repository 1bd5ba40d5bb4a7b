package dev.lentil.bench.gpu;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceChoice;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Precision;
import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.Network;
import java.util.List;
import java.util.Map;

/**
 * Times what {@link StepTiming} times with one operation after the other done by cuDNN instead of Lentil's own kernels, in
 * float32: what each choice is worth in a whole step.
 */
public final class CudnnTiming {
  /** Of the CUDA backend: which operations cuDNN does. */
  private static final String PROPERTY = "lentil.cuda.cudnn";

  private static final List<String> CHOICES = List.of("none", "convolution", "pointwise", "depthwise", "batch-norm",
      "relu6", "average-pool", "all");

  private CudnnTiming() {}

  /**
   * Prints measurements as JSON, each in a line as soon as it is there.
   *
   * @param args device, seconds for each round, alpha, resolution, batch size
   */
  public static void main(String[] args) {
    if (args.length != 5) {
      System.err.println("usage: CudnnTiming DEVICE SECONDS ALPHA RESOLUTION BATCH");
      System.exit(2);
    }
    int size = Integer.parseInt(args[3]);
    Network network = MobileNetV2.keras(Double.parseDouble(args[2]), size, size, Head.binary()).network();
    for (String choice : CHOICES) {
      System.setProperty(PROPERTY, choice);
      try (Device device = DeviceChoice.of(args[0], DeviceOptions.defaults()).open()) {
        for (StepTiming.Work work : List.of(StepTiming.Work.INFERENCE, StepTiming.Work.TRAINING)) {
          StepTiming.Timing timing = StepTiming.time(device, Precision.FLOAT32, network, work,
              Integer.parseInt(args[4]), Double.parseDouble(args[1]));
          Map<String, Object> document = timing.document();
          document.put("cudnn", choice);
          System.out.println(Json.compact(document));
        }
      } catch (BackendException e) {
        // What can be measured still is.
        System.err.println(choice + ": " + e.getMessage());
      }
    }
  }
}
