package dev.lentil.backend.cuda;

import dev.lentil.backend.Availability;
import dev.lentil.backend.BackendException;
import dev.lentil.backend.Finding;
import dev.lentil.backend.Finding.State;
import dev.lentil.backend.Precision;
import dev.lentil.backend.cuda.blas.BlasProvider;
import dev.lentil.backend.cuda.dnn.CudnnChoice;
import dev.lentil.backend.cuda.driver.BindingChoice;
import dev.lentil.backend.cuda.driver.CudaLibraries;
import dev.lentil.backend.cuda.driver.CudaLibraries.Found;
import dev.lentil.backend.cuda.driver.Driver;
import dev.lentil.backend.cuda.nvrtc.Nvrtc;
import dev.lentil.backend.cuda.nvrtc.NvrtcProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Looks at every part that is needed, whatever is the matter with the others, and tries each card. */
final class CudaProbe {
  private static final String CARD = "cuda:";

  private final Attempt<Integer> driver = Attempt.of(Driver::version);
  private final Attempt<BindingChoice> blas = Attempt.of(BlasProvider::choose);
  private final Attempt<BindingChoice> nvrtc = Attempt.of(NvrtcProvider::choose);
  private final Attempt<Nvrtc> compiler = Attempt.of(NvrtcProvider::open);
  private final Attempt<CudnnChoice> cudnn = Attempt.of(() -> CudnnChoice.of(Precision.FLOAT32));
  private final Attempt<Integer> count = Attempt.of(CudaProbe::count);
  private final List<CardTrial> trials = IntStream.range(0, count.result().orElse(0))
      .mapToObj(card -> CardTrial.of(card, compiler.result(), blas.result(), cudnn.result())).toList();

  private CudaProbe() {}

  private static int count() {
    int count = Driver.count();
    if (count == 0) {
      throw new BackendException("the driver sees no card: check nvidia-smi and CUDA_VISIBLE_DEVICES");
    }
    return count;
  }

  /** What there is, and whether a card can be used with it. */
  static Availability answer() {
    List<Finding> parts = new CudaProbe().parts();
    List<Finding> cards = parts.stream().filter(part -> part.part().startsWith(CARD)).toList();
    List<Finding> failed = parts.stream().filter(part -> part.state() == State.FAILS).toList();
    // One card that works is enough.
    boolean usable = cards.stream().anyMatch(card -> card.state() == State.READY)
        && cards.containsAll(failed);
    return usable
        ? new Availability.Available(parts.stream().filter(part -> part.state() == State.READY)
            .map(CudaProbe::summary).collect(Collectors.joining("; ")), parts)
        : new Availability.Unavailable(failed.stream().map(Finding::text).collect(Collectors.joining("; ")), parts);
  }

  /** A card, or a name and its version; where the driver does not tell its own, that of its CUDA. */
  private static String summary(Finding part) {
    return part.part() + " " + (part.part().startsWith(CARD)
        ? part.text()
        : part.facts().getOrDefault("version", "for CUDA " + part.facts().get("cuda")));
  }

  private List<Finding> parts() {
    var parts = new ArrayList<Finding>();
    parts.add(driver());
    if (!driver.failed() && count.failed()) {
      parts.add(failed("cards", count.problem(), Map.of()));
    }
    trials.forEach(trial -> parts.add(trial.finding()));
    parts.add(blas());
    parts.add(nvrtc());
    parts.add(cudnn());
    return parts;
  }

  private Finding driver() {
    var facts = new LinkedHashMap<String, Object>();
    KernelModule.version().ifPresent(version -> facts.put("version", version));
    if (driver.failed()) {
      return failed("driver", driver.problem() + KernelModule.version()
          .map(version -> ". The kernel has the driver's module, version " + version).orElse(""), facts);
    }
    String cuda = cuda(driver.result().orElseThrow());
    facts.put("cuda", cuda);
    CudaLibraries.load("cuda", 1).ifPresent(library -> facts.put("file", LoadedFile.of(library)));
    facts.put("binding", BindingChoice.Binding.JCUDA);
    return new Finding("driver", State.READY, KernelModule.version().map(version -> version + ", ").orElse("")
        + "for CUDA " + cuda + ", through JCuda; from " + facts.get("file"), facts);
  }

  /** From the driver's way to tell it: 13000 for 13.0. */
  private static String cuda(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  private Finding blas() {
    if (blas.failed()) {
      return failed("cuBLAS", blas.problem(), Map.of());
    }
    BindingChoice choice = blas.result().orElseThrow();
    List<Attempt<String>> started = trials.stream().flatMap(trial -> trial.blas().stream()).toList();
    Optional<String> version = started.stream().flatMap(start -> start.result().stream()).findFirst()
        .map(CudaProbe::dotted);
    return started.isEmpty() || version.isPresent()
        ? ready("cuBLAS", version, choice)
        : failed("cuBLAS", located(choice) + ": " + started.getFirst().problem()
            + olderDriver(choice.library().version(), driver.result().orElseThrow()), facts(choice));
  }

  /**
   * The usual reason, where it shows: a driver runs the libraries of its own CUDA and of those before.
   *
   * @param library its major version
   * @param driver as {@link Driver#version}
   */
  static String olderDriver(int library, int driver) {
    return driver / 1000 >= library
        ? ""
        : ". This library is of CUDA " + library + ", the driver for CUDA " + cuda(driver)
            + ": install a newer NVIDIA driver, or the libraries of CUDA " + driver / 1000;
  }

  private Finding nvrtc() {
    if (nvrtc.failed()) {
      return failed("NVRTC", nvrtc.problem(), Map.of());
    }
    BindingChoice choice = nvrtc.result().orElseThrow();
    Attempt<String> version = Attempt.of(() -> compiler.result().orElseThrow().version());
    return version.failed()
        ? failed("NVRTC", located(choice) + ": " + version.problem(), facts(choice))
        : ready("NVRTC", version.result().map(CudaProbe::dotted), choice);
  }

  /** From what a library says of itself: {@code 13.0} of {@code NVRTC 13.0}, {@code 13.1.0} of {@code cuBLAS 130100}. */
  static String dotted(String said) {
    String version = said.substring(said.lastIndexOf(' ') + 1);
    if (!version.matches("\\d{5,9}")) {
      return version;
    }
    int number = Integer.parseInt(version);
    return number / 10000 + "." + number / 100 % 100 + "." + number % 100;
  }

  private Finding cudnn() {
    if (cudnn.failed()) {
      return failed("cuDNN", cudnn.problem(), Map.of());
    }
    CudnnChoice choice = cudnn.result().orElseThrow();
    if (choice.operations().isEmpty()) {
      return new Finding("cuDNN", State.UNUSED, choice.text(), Map.of());
    }
    var facts = new LinkedHashMap<String, Object>();
    facts.put("version", CudnnChoice.version());
    facts.put("does", List.copyOf(choice.operations()));
    CudnnChoice.library().ifPresent(library -> facts.put("file", LoadedFile.of(library)));
    facts.put("binding", BindingChoice.Binding.JCUDA);
    return new Finding("cuDNN", State.READY, choice.text() + "; from " + facts.get("file"), facts);
  }

  private static Finding ready(String part, Optional<String> version, BindingChoice choice) {
    var facts = new LinkedHashMap<String, Object>();
    version.ifPresent(value -> facts.put("version", value));
    facts.putAll(facts(choice));
    return new Finding(part, State.READY, version.map(value -> value + ", ").orElse("") + located(choice), facts);
  }

  private static Finding failed(String part, String problem, Map<String, Object> known) {
    return new Finding(part, State.FAILS, problem, known);
  }

  private static String located(BindingChoice choice) {
    return choice.text() + "; from " + LoadedFile.of(choice.library());
  }

  private static Map<String, Object> facts(BindingChoice choice) {
    Found library = choice.library();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("file", LoadedFile.of(library));
    facts.put("binding", choice.binding());
    facts.put("why", choice.why());
    return facts;
  }
}
