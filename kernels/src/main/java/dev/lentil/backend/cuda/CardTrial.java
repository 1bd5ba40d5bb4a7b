package dev.lentil.backend.cuda;

import dev.lentil.backend.Finding;
import dev.lentil.backend.Precision;
import dev.lentil.backend.cuda.blas.Arithmetic;
import dev.lentil.backend.cuda.blas.Blas;
import dev.lentil.backend.cuda.blas.BlasProvider;
import dev.lentil.backend.cuda.dnn.Cudnn;
import dev.lentil.backend.cuda.dnn.CudnnChoice;
import dev.lentil.backend.cuda.driver.BindingChoice;
import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.DeviceInfo;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.driver.Driver;
import dev.lentil.backend.cuda.nvrtc.Nvrtc;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One card, and whether what {@link CudaDevice} opens on it opens, as far as it is installed. Everything is closed again.
 *
 * @param card what the driver says of it
 * @param necessary what must work on it: its context, kernels for its architecture, cuDNN where it was asked for
 * @param blas cuBLAS started there, as it tells its version; empty where none is installed
 */
record CardTrial(int index, Attempt<DeviceInfo> card, List<Attempt<?>> necessary, Optional<Attempt<String>> blas) {
  private static final double GIB = 1L << 30;

  /** @param compiler and the other two: what is installed */
  static CardTrial of(int index, Optional<Nvrtc> compiler, Optional<BindingChoice> blas, Optional<CudnnChoice> cudnn) {
    Attempt<DeviceInfo> card = Attempt.of(() -> Driver.describe(index));
    if (card.failed()) {
      return new CardTrial(index, card, List.of(), Optional.empty());
    }
    DeviceInfo info = card.result().orElseThrow();
    Stream<Attempt<?>> necessary = Stream.concat(
        compiler.stream().map(nvrtc -> Attempt.of(() -> KernelLibrary.architecture(info, nvrtc))),
        Stream.of(Attempt.of(() -> open(index, cudnn.filter(CudnnChoice::wanted)))));
    return new CardTrial(index, card, necessary.toList(), blas.map(_ -> Attempt.of(() -> startBlas(index))));
  }

  private static boolean open(int index, Optional<CudnnChoice> cudnn) {
    try (var owned = new Closing()) {
      Driver driver = owned.add(Driver.open(index));
      cudnn.flatMap(choice -> Cudnn.open(choice, Precision.FLOAT32, driver, owned.add(driver.stream())))
          .ifPresent(owned::add);
      return true;
    }
  }

  private static String startBlas(int index) {
    try (var owned = new Closing()) {
      Driver driver = owned.add(Driver.open(index));
      var stream = owned.add(driver.stream());
      DeviceMemory workspace = owned.add(driver.allocate(Blas.WORKSPACE_BYTES));
      return owned.add(BlasProvider.open(driver, stream, workspace, Arithmetic.FLOAT32)).describe();
    }
  }

  private Optional<String> problem() {
    if (card.failed()) {
      return Optional.of(card.problem());
    }
    return necessary.stream().filter(Attempt::failed).map(Attempt::problem).findFirst()
        .or(() -> blas.filter(Attempt::failed).map(_ -> "cuBLAS does not start on it"));
  }

  Finding finding() {
    var facts = new LinkedHashMap<String, Object>();
    card.result().ifPresent(info -> {
      facts.put("name", info.name());
      facts.put("compute_capability", info.architecture() / 10 + "." + info.architecture() % 10);
      facts.put("memory_bytes", info.memoryBytes());
    });
    problem().ifPresent(problem -> facts.put("problem", problem));
    String text = Stream.concat(card.result().map(CardTrial::text).stream(), problem().stream())
        .reduce((described, problem) -> described + ": " + problem).orElseThrow();
    return new Finding("cuda:" + index, problem().isEmpty() ? Finding.State.READY : Finding.State.FAILS, text, facts);
  }

  private static String text(DeviceInfo info) {
    return String.format(Locale.ROOT, "%s, compute capability %d.%d, %.1f GiB", info.name(), info.architecture() / 10,
        info.architecture() % 10, info.memoryBytes() / GIB);
  }
}
