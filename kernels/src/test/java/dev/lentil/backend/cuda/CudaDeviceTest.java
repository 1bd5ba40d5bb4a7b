package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Availability;
import dev.lentil.backend.BackendException;
import dev.lentil.backend.BatchImages.Stored.Image;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.Finding;
import dev.lentil.backend.ImageStore;
import dev.lentil.backend.ParameterAverage;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cuda.driver.BindingChoice;
import dev.lentil.backend.cuda.driver.Grid;
import dev.lentil.backend.cuda.driver.TimeMarks;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.backend.cuda.emulation.OnCard;
import dev.lentil.backend.cuda.nvrtc.KernelCache;
import dev.lentil.image.ImageMap;
import dev.lentil.nn.Optimizer;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.ConsoleHandler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OnCard.class)
class CudaDeviceTest {
  private static final int ILLEGAL_ADDRESS = 700;

  private final SmallTraining training = SmallTraining.of(9, 8, 2, 1, 0);

  @AfterEach
  void asBefore() {
    EmulatedCard.restore();
    System.clearProperty(BindingChoice.PROPERTY);
  }

  private static Device open() {
    return new CudaBackend().open(new DeviceOptions(1));
  }

  private static void assertSays(BackendException problem, String... parts) {
    for (String part : parts) {
      assertTrue(problem.getMessage().contains(part), part + " is not in: " + problem.getMessage());
    }
  }

  @Test
  void theProbeNamesCardAndLibraries() {
    var answer = assertInstanceOf(Availability.Available.class, new CudaBackend().probe());
    for (String part : new String[] {"driver ", "; cuda:0 Emulated card 0, ", "compute capability 9.0",
        "; cuBLAS 12.0.0; ",
        "NVRTC 12.0"}) {
      assertTrue(answer.detail().contains(part), answer.detail());
    }
    assertEquals(List.of("driver", "cuda:0", "cuBLAS", "NVRTC", "cuDNN"),
        answer.parts().stream().map(Finding::part).toList());
    Finding cublas = answer.parts().get(2);
    assertTrue(cublas.facts().get("file").toString().endsWith("/libcublas.so.12"), cublas::toString);
    assertEquals(BindingChoice.Binding.JCUDA, cublas.facts().get("binding"));
    assertEquals("12.0.0", cublas.facts().get("version"));
  }

  private static String reason(String failing) {
    var answer = assertInstanceOf(Availability.Unavailable.class, new CudaBackend().probe());
    assertEquals(List.of(failing),
        answer.parts().stream().filter(part -> part.state() == Finding.State.FAILS).map(Finding::part).toList());
    return answer.reason();
  }

  /** Neither the probe nor opening says that a card can be used for which nothing can be compiled. */
  @Test
  void aCardThatTheCompilerDoesNotKnow() {
    for (int architecture : new int[] {70, 121}) {
      EmulatedCard.setArchitecture(architecture);
      String reason = reason("cuda:0");
      assertTrue(reason.contains("Emulated card 0") && reason.contains("NVRTC 12.0 cannot compile for"), reason);
      assertSays(assertThrows(BackendException.class, CudaDeviceTest::open), "NVRTC 12.0 cannot compile for");
    }
  }

  @Test
  void cublasThatDoesNotStart() {
    EmulatedCard.startCublasWith(1);
    var answer = assertInstanceOf(Availability.Unavailable.class, new CudaBackend().probe());
    assertTrue(answer.reason().contains("cuBLAS could not start: not initialised (1)"), answer.reason());
    assertTrue(answer.reason().contains("cuBLAS does not start on it"), answer.reason());
    assertEquals(Finding.State.READY, answer.parts().get(3).state(), "NVRTC is none the worse");
    assertSays(assertThrows(BackendException.class, CudaDeviceTest::open), "not initialised (1)");
  }

  @Test
  void probingTriesEachCardAndLeavesNothingOpen() {
    EmulatedCard.setCards(2);
    var answer = assertInstanceOf(Availability.Available.class, new CudaBackend().probe());
    assertTrue(answer.detail().contains("cuda:1 Emulated card 1"), answer.detail());
    EmulatedCard.requireNothingLive();
  }

  @Test
  void noCard() {
    EmulatedCard.setCards(0);
    var answer = assertInstanceOf(Availability.Unavailable.class, new CudaBackend().probe());
    assertTrue(answer.reason().contains("NO_DEVICE") && answer.reason().contains("nvidia-smi"), answer.reason());
    assertSays(assertThrows(BackendException.class, CudaDeviceTest::open), "NO_DEVICE", "nvidia-smi");
  }

  @Test
  void aCardThatIsNotThere() {
    var problem = assertThrows(BackendException.class,
        () -> new CudaBackend().open(new DeviceOptions(1).withCard(3)));
    assertSays(problem, "no card 3", "sees 1", "lentil doctor", "CUDA_VISIBLE_DEVICES", "PCI_BUS_ID");
  }

  @Test
  void theSecondCard() {
    EmulatedCard.setCards(2);
    try (Device device = new CudaBackend().open(new DeviceOptions(1).withCard(1))) {
      assertTrue(device.describe().contains("Emulated card 1"), device.describe());
    }
  }

  /** A thread has the context of one card at a time, so each call must see to its own. */
  @Test
  void twoCardsInTurns() {
    EmulatedCard.setCards(2);
    Plan plan = Planner.training(training.network(), 2, training.spec(Optional.of(Optimizer.Adam.keras())), Set.of(),
        Set.of());
    var images = new RandomImages(2, 9, 8, 7);
    List<Image> both = List.of(new Image(0, ImageMap.AS_IS), new Image(1, ImageMap.AS_IS));
    try (Device first = open();
        Device second = new CudaBackend().open(new DeviceOptions(1).withCard(1));
        ParameterBank firstBank = first.load(training.network(), training.weights());
        ParameterBank secondBank = second.load(training.network(), training.weights());
        ImageStore firstStore = first.store(images, List.of()).orElseThrow();
        ImageStore secondStore = second.store(images, List.of()).orElseThrow();
        ParameterAverage firstAverage = firstBank.average(training.weights());
        ParameterAverage secondAverage = secondBank.average(training.weights());
        Executable firstStep = first.compile(plan, firstBank);
        Executable secondStep = second.compile(plan, secondBank)) {
      for (int t = 1; t <= 3; t++) {
        RunState state = new RunState(1, 1, t, 1e-3);
        firstStep.run(RandomImages.named(firstStore, both), state);
        secondStep.run(RandomImages.named(secondStore, both), state);
        firstAverage.add(0.5);
        secondAverage.add(0.5);
        var firstLoss = firstStep.lossLater();
        assertEquals(secondStep.loss(), firstLoss.getAsDouble());
      }
      RunState state = new RunState(1, 1, 4, 1e-3);
      assertTrue(firstStep.runTimed(training.batch(), state).isPresent());
      assertTrue(secondStep.runTimed(training.batch(), state).isPresent());
      assertEquals(firstBank.readSlot(1, "logits/kernel"), secondBank.readSlot(1, "logits/kernel"));
      assertEquals(firstBank.snapshot().tensors(), secondBank.snapshot().tensors());
      assertEquals(firstAverage.weights().tensors(), secondAverage.weights().tensors());
    }
  }

  @Test
  void tooLittleMemoryToOpen() {
    EmulatedCard.setMemory(1 << 20);
    assertSays(assertThrows(BackendException.class, CudaDeviceTest::open), "OUT_OF_MEMORY", "smaller batch");
  }

  @Test
  void tooLittleMemoryForAPlan() {
    try (Device device = open(); ParameterBank bank = device.load(training.network(), training.weights())) {
      EmulatedCard.setMemory(64 << 20);
      Plan plan = Planner.inference(training.network(), 20000, device.fusions(), Set.of());
      assertSays(assertThrows(BackendException.class, () -> device.compile(plan, bank)), "OUT_OF_MEMORY",
          "smaller batch");
      // The device is none the worse for it.
      try (Executable small = device.compile(
          Planner.training(training.network(), 2, training.spec(Optional.empty()), device.fusions(), Set.of()), bank)) {
        small.run(training.batch(), new RunState(1, 1, 1, 0));
        assertTrue(Double.isFinite(small.loss()));
      }
    }
  }

  /** What is short then is not the card's. */
  @Test
  void tooLittleMemoryToPin() {
    try (Device device = open();
        ParameterBank bank = device.load(training.network(), training.weights());
        Executable step = device.compile(
            Planner.training(training.network(), 2, training.spec(Optional.empty()), device.fusions(), Set.of()),
            bank)) {
      EmulatedCard.setPinnable(100);
      var problem =
          assertThrows(BackendException.class, () -> step.run(training.batch(), new RunState(1, 1, 1, 0)));
      assertSays(problem, "pin 0.0 MiB", "OUT_OF_MEMORY", "machine's memory", "smaller batch", "ulimit -l");
      EmulatedCard.setPinnable(Long.MAX_VALUE);
      step.run(training.batch(), new RunState(1, 1, 1, 0));
      assertTrue(Double.isFinite(step.loss()));
    }
  }

  @Test
  void imagesThatDoNotFitAreLeftToTheProcessor() {
    Plan small = Planner.inference(training.network(), 2, Set.of(), Set.of());
    Plan large = Planner.inference(training.network(), 20000, Set.of(), Set.of());
    var images = new RandomImages(1000, 32, 32, 1);
    try (Device device = open()) {
      EmulatedCard.setMemory(300L << 20);
      try (ImageStore store = device.store(images, List.of(small)).orElseThrow()) {
        assertEquals(1000, store.count());
      }
      assertTrue(device.store(images, List.of(small, large)).isEmpty(), "no room is left for the larger plan");
      EmulatedCard.setMemory(290L << 20);
      assertTrue(device.store(images, List.of(small)).isEmpty());
    }
  }

  /** The free memory is looked at first; what is not there any more then is no error either. */
  @Test
  void imagesWhoseMemoryIsTakenByOthersAreLeftToTheProcessor() {
    var images = new RandomImages(1000, 32, 32, 1);
    try (Device device = open()) {
      EmulatedCard.setMemory(300L << 20);
      EmulatedCard.setTaken(298L << 20);
      assertTrue(device.store(images, List.of()).isEmpty());
      EmulatedCard.setTaken(0);
      device.store(images, List.of()).orElseThrow().close();
    }
  }

  /** A step of the plan needs as much again as its widest value, which must not find the images in its place. */
  @Test
  void imagesLeaveRoomForAStepsScratch() {
    Plan plan = Planner.inference(training.network(), 20000, Set.of(), Set.of());
    var images = new RandomImages(10, 32, 32, 1);
    try (CudaDevice device = CudaDevice.open(new DeviceOptions(1))) {
      long widest =
          plan.values().stream().mapToLong(value -> value.size(plan.batch())).max().orElseThrow() * Float.BYTES;
      long taken = (4L << 30) - device.driver().free();
      long values = new Layout(plan, device.storage()).bytes();
      long margin = 257L << 20;
      assertTrue(widest > 10L << 20, "the widest value is more than what the margins differ by");
      EmulatedCard.setMemory(taken + values + margin);
      assertTrue(device.store(images, List.of(plan)).isEmpty());
      EmulatedCard.setMemory(taken + values + widest + margin);
      device.store(images, List.of(plan)).orElseThrow().close();
    }
  }

  @Test
  void aLostCardSaysWhatToDo() {
    try (Device device = open();
        ParameterBank bank = device.load(training.network(), training.weights());
        Executable step = device.compile(
            Planner.training(training.network(), 2, training.spec(Optional.empty()), device.fusions(), Set.of()),
            bank)) {
      EmulatedCard.failNextLaunch(ILLEGAL_ADDRESS);
      var problem = assertThrows(BackendException.class, () -> {
        step.run(training.batch(), new RunState(1, 1, 1, 0));
        step.loss();
      });
      assertSays(problem, "ILLEGAL_ADDRESS", "lost", "checkpoint");
      EmulatedCard.recover();
    }
  }

  /** Each thing that is given back to a lost card says that the card is lost; all of them are given back. */
  @Test
  void aLostCardKeepsNothingOpen() {
    CudaDevice device = CudaDevice.open(new DeviceOptions(1));
    ParameterBank bank = device.load(training.network(), training.weights());
    Executable step = device.compile(
        Planner.training(training.network(), 2, training.spec(Optional.empty()), device.fusions(), Set.of()), bank);
    step.run(training.batch(), new RunState(1, 1, 1, 0));
    TimeMarks marks = device.driver().timeMarks(3);
    EmulatedCard.failNextLaunch(ILLEGAL_ADDRESS);
    assertThrows(BackendException.class, () -> {
      step.run(training.batch(), new RunState(1, 1, 2, 0));
      step.loss();
    });
    for (AutoCloseable open : new AutoCloseable[] {marks, step, bank, device}) {
      assertSays(assertThrows(BackendException.class, open::close), "ILLEGAL_ADDRESS");
    }
    assertEquals(Map.of(), device.live());
    EmulatedCard.recover();
  }

  /** Buffers on their way to the card have two each, those on their way back one. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void aDeviceWithoutOneOfItsEventsLeavesNothingOpen(int made) {
    EmulatedCard.setEventsLeft(made);
    assertSays(assertThrows(BackendException.class, CudaDeviceTest::open), "make an event");
    EmulatedCard.requireNothingLive();
    EmulatedCard.setEventsLeft(8);
    open().close();
  }

  /** As where the heap is full, or a native library lacks a function. */
  @Test
  void anErrorWhileADeviceOpensLeavesNothingOpen() {
    open().close();
    Logger logger = Logger.getLogger("dev.lentil");
    var handler = new ConsoleHandler() {
      @Override
      public void publish(LogRecord line) {
        throw new UnsatisfiedLinkError("a function is missing");
      }
    };
    logger.addHandler(handler);
    try {
      // A line that differs from the last device's is logged.
      EmulatedCard.setArchitecture(75);
      assertThrows(UnsatisfiedLinkError.class, CudaDeviceTest::open);
    } finally {
      logger.removeHandler(handler);
    }
    EmulatedCard.requireNothingLive();
  }

  /** Memory that could be taken and not filled. */
  @Test
  void whatFailsOnALostCardKeepsNoMemory() {
    CudaDevice device = CudaDevice.open(new DeviceOptions(1));
    ParameterBank bank = device.load(training.network(), training.weights());
    Op launch = device.kernels().launch("sigmoid.cu", "sigmoid", Grid.elements(1), 0L, 0L, 0);
    Map<String, Integer> before = device.live();
    EmulatedCard.failNextLaunch(ILLEGAL_ADDRESS);
    assertThrows(BackendException.class, () -> launch.enqueue(device.stream()));
    for (org.junit.jupiter.api.function.Executable use : List.<org.junit.jupiter.api.function.Executable>of(
        () -> device.load(training.network(), training.weights()), () -> bank.readSlot(0, "logits/bias"),
        () -> bank.average(training.weights()))) {
      assertSays(assertThrows(BackendException.class, use), "ILLEGAL_ADDRESS");
    }
    assertEquals(before, device.live());
    EmulatedCard.recover();
    bank.close();
    device.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jcuda", "native"})
  void cublasThatDoesNotDoAsItIsToldLeavesNothingOpen(String binding) {
    System.setProperty(BindingChoice.PROPERTY, binding);
    EmulatedCard.answerMathModeWith(7);
    assertSays(assertThrows(BackendException.class, CudaDeviceTest::open), "choose its arithmetic", "invalid value");
    EmulatedCard.requireNothingLive();
    EmulatedCard.answerMathModeWith(0);
    try (CudaDevice device = CudaDevice.open(new DeviceOptions(1))) {
      assertEquals(1, device.live().get("cuBLAS handle"));
    }
  }

  /** Small memory is had in pieces; one that there was no room for must not be counted on. */
  @Test
  void smallMemoryAfterATimeWithoutAny() {
    try (CudaDevice device = CudaDevice.open(new DeviceOptions(1));
        CudaParameters bank = new CudaParameters(device, training.network(), training.weights());
        ExecutableMemory derived = new ExecutableMemory(device.driver(), bank)) {
      long first = derived.allocate(8);
      EmulatedCard.setMemory(1);
      assertThrows(BackendException.class, () -> derived.allocate(1 << 20));
      EmulatedCard.setMemory(4L << 30);
      long second = derived.allocate(1 << 20);
      assertTrue(second >= first + (1 << 20) || second < first, "inside the first piece");
    }
  }

  /** Images that are named for the first time want a kernel more. What failed is made anew, not left half done. */
  @Test
  void aCardTooFullForAnotherKernel() {
    var images = new RandomImages(4, 9, 8, 7);
    List<Image> first = List.of(new Image(0, ImageMap.AS_IS), new Image(1, ImageMap.AS_IS));
    List<Image> second = List.of(new Image(2, ImageMap.AS_IS), new Image(3, ImageMap.AS_IS));
    try (Device device = open();
        ParameterBank bank = device.load(training.network(), training.weights());
        ImageStore store = device.store(images, List.of()).orElseThrow();
        Executable infer = device.compile(
            Planner.inference(training.network(), 2, device.fusions(), Set.of()), bank)) {
      infer.run(RandomImages.made(images, second), RunState.inference());
      Tensor expected = infer.read("head");
      infer.run(RandomImages.made(images, first), RunState.inference());
      EmulatedCard.setModulesLeft(0);
      assertSays(assertThrows(BackendException.class,
          () -> infer.run(RandomImages.named(store, second), RunState.inference())), "load compiled kernels",
          "OUT_OF_MEMORY");
      EmulatedCard.setModulesLeft(-1);
      infer.run(RandomImages.named(store, second), RunState.inference());
      assertEquals(expected, infer.read("head"));
    }
  }

  /** What was given back may be another's memory by now: nothing reads it or calculates with it. */
  @Test
  void nothingIsUsedAfterItIsClosed() {
    Plan plan = Planner.training(training.network(), 2, training.spec(Optional.of(Optimizer.Adam.keras())), Set.of(),
        Set.of());
    RunState state = new RunState(1, 1, 1, 1e-3);
    Device device = open();
    ParameterBank bank = device.load(training.network(), training.weights());
    ParameterAverage average = bank.average(training.weights());
    Executable step = device.compile(plan, bank);
    step.run(training.batch(), state);
    bank.close();
    Tensor bias = training.weights().get("logits/bias");
    for (org.junit.jupiter.api.function.Executable use : List.<org.junit.jupiter.api.function.Executable>of(
        () -> step.run(training.batch(), state), () -> step.runTimed(training.batch(), state),
        () -> device.compile(plan, bank), () -> bank.read("logits/bias"), () -> bank.write("logits/bias", bias),
        () -> bank.readGradient("logits/bias"), () -> bank.writeGradient("logits/bias", bias),
        () -> bank.readSlot(0, "logits/bias"), () -> bank.writeSlot(1, "logits/bias", bias), bank::resetSlots,
        bank::snapshot, () -> bank.average(training.weights()))) {
      assertEquals("the parameters are closed; load the weights again",
          assertThrows(IllegalStateException.class, use).getMessage());
    }
    assertThrows(IllegalStateException.class, () -> average.add(0.5));
    average.close();
    step.close();
    assertThrows(IllegalStateException.class, step::loss);
    device.close();
    for (org.junit.jupiter.api.function.Executable use : List.<org.junit.jupiter.api.function.Executable>of(
        () -> device.load(training.network(), training.weights()), () -> device.compile(plan, bank),
        () -> device.store(new RandomImages(1, 8, 8, 1), List.of()))) {
      assertEquals("the device is closed, and with it all that was made on it; open it again",
          assertThrows(IllegalStateException.class, use).getMessage());
    }
  }

  /** Opens a device whose kernels are kept in a folder, and loads one. */
  private static void loadAKernel(Path folder) {
    String before = System.getProperty(KernelCache.FOLDER_PROPERTY);
    System.setProperty(KernelCache.FOLDER_PROPERTY, folder.toString());
    try (CudaDevice device = CudaDevice.open(new DeviceOptions(1))) {
      device.kernels().launch("add.cu", "copy", Grid.elements(1), 0L, 0L, 1);
    } finally {
      System.setProperty(KernelCache.FOLDER_PROPERTY, before);
    }
  }

  @Test
  void aDamagedKernelCache(@TempDir Path folder) throws IOException {
    for (int run = 1; run <= 2; run++) {
      long compilations = EmulatedCard.compilations();
      loadAKernel(folder);
      assertEquals(compilations + 1, EmulatedCard.compilations());
      try (var files = Files.list(folder)) {
        Files.writeString(files.findFirst().orElseThrow(), "not what it was");
      }
    }
  }

  /** What was kept is none the worse for it, so nothing is compiled again. */
  @Test
  void aCardTooFullForAKernelThatWasKept(@TempDir Path folder) {
    loadAKernel(folder);
    long compilations = EmulatedCard.compilations();
    EmulatedCard.setModulesLeft(0);
    assertSays(assertThrows(BackendException.class, () -> loadAKernel(folder)), "load compiled kernels",
        "OUT_OF_MEMORY");
    EmulatedCard.setModulesLeft(-1);
    loadAKernel(folder);
    assertEquals(compilations, EmulatedCard.compilations());
  }
}
