package dev.lentil.backend.cuda;

import dev.lentil.backend.Availability;
import dev.lentil.backend.DeviceOptions;

/** Prints what the backend says in a JVM of its own, since a library is loaded once in a process; see CudaBackendTest. */
final class Probing {
  private Probing() {}

  public static void main(String[] args) {
    var backend = new CudaBackend();
    Availability answer = backend.probe();
    answer.parts().forEach(part -> System.out.println(part.state() + " " + part.part() + ": " + part.text()));
    switch (answer) {
      case Availability.Available(var detail, _) -> {
        System.out.println("available: " + detail);
        try (var device = backend.open(new DeviceOptions(1))) {
          System.out.println("opened: " + device.describe());
          var training = SmallTraining.of(9, 8, 2, 1, 0);
          System.out.println("loss: " + training.gradients(device).get("loss").get(0));
        }
      }
      case Availability.Unavailable(var reason, _) -> System.out.println("unavailable: " + reason);
    }
  }
}
