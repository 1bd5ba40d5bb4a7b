package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Availability;
import dev.lentil.backend.BackendException;
import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.Precision;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cuda.dnn.CudnnChoice;
import dev.lentil.backend.cuda.emulation.CudnnFor;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.plan.Planner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What cuDNN is chosen for, and what it is then called for. */
class CudnnDeviceTest {
  @RegisterExtension
  static final CudnnFor AS_EACH_TEST_SAYS = new CudnnFor("none");

  private static final int NOT_INITIALIZED = 1001;
  private static final List<String> CALLS = List.of("cudnnConvolutionForward", "cudnnConvolutionBackwardData",
      "cudnnConvolutionBackwardFilter", "cudnnBatchNormalizationForwardTraining",
      "cudnnBatchNormalizationForwardInference", "cudnnBatchNormalizationBackward", "cudnnActivationForward",
      "cudnnPoolingForward", "cudnnPoolingBackward");

  private final SmallTraining training = SmallTraining.of(9, 8, 2, 1, 0);

  @BeforeEach
  void nobodyAsks() {
    System.clearProperty(CudnnChoice.PROPERTY);
  }

  @AfterEach
  void itStartsAgain() {
    EmulatedCard.startCudnnWith(0);
    EmulatedCard.cudnnLacksAlgorithms(false);
  }

  private static CudaDevice open(Precision precision) {
    return CudaDevice.open(new DeviceOptions(1).withPrecision(precision));
  }

  private static Map<String, Integer> calls() {
    return CALLS.stream().collect(Collectors.toMap(call -> call, EmulatedCard::cudnnCalls));
  }

  private static void assertNoneOf(Map<String, Integer> before) {
    assertEquals(before, calls(), "cuDNN was called");
  }

  private double loss(Device device) {
    return training.gradients(device).get("loss").get(0);
  }

  private double expectedLoss() {
    try (var reference = Backends.named("reference").open(new DeviceOptions(1))) {
      return loss(reference);
    }
  }

  private static String asked(String operations) {
    System.setProperty(CudnnChoice.PROPERTY, operations);
    return operations;
  }

  /** Of this network, the convolution that sees more than a pixel. */
  @Test
  void byItselfItTakesTheStem() {
    var before = calls();
    try (Device device = open(Precision.FLOAT32)) {
      assertEquals(expectedLoss(), loss(device), 1e-6);
      assertTrue(device.describe().contains("cuDNN 9.1.0 through JCudnn for convolution"), device.describe());
    }
    var after = calls();
    for (String call : CALLS) {
      boolean stem = call.equals("cudnnConvolutionForward") || call.equals("cudnnConvolutionBackwardFilter");
      assertEquals(before.get(call) + (stem ? 1 : 0), after.get(call), call);
    }
    assertTrue(EmulatedCard.convolvedInFloat32());
  }

  @Test
  void allItCanDoIsEverythingOnTheList() {
    asked("all");
    var before = calls();
    try (Device device = open(Precision.FLOAT32);
        ParameterBank bank = device.load(training.network(), training.weights())) {
      assertEquals(expectedLoss(), loss(device), 1e-6);
      try (Executable infer = device.compile(
          Planner.inference(training.network(), 2, device.fusions(), Set.of()), bank)) {
        infer.run(Batch.of(training.batch().images()), RunState.inference());
      }
    }
    calls().forEach((call, count) -> assertTrue(count > before.get(call), call + " was not called"));
  }

  @Test
  void noneIsNone() {
    asked("none");
    var before = calls();
    try (Device device = open(Precision.FLOAT32)) {
      assertEquals(expectedLoss(), loss(device), 1e-6);
    }
    assertNoneOf(before);
  }

  @Test
  void tf32IsForWhoAsksForIt() {
    asked("all");
    try (Device device = open(Precision.TF32)) {
      loss(device);
    }
    assertFalse(EmulatedCard.convolvedInFloat32());
  }

  /** Its gradients of kernels would be rounded to bfloat16; Lentil's are float32. */
  @Test
  void bfloat16DoesWithoutIt() {
    var before = calls();
    try (Device device = open(Precision.BFLOAT16)) {
      loss(device);
    }
    assertNoneOf(before);
    asked("convolution");
    var problem = assertThrows(BackendException.class, () -> open(Precision.BFLOAT16));
    assertTrue(problem.getMessage().contains(CudnnChoice.PROPERTY) && problem.getMessage().contains("bfloat16"),
        problem.getMessage());
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    asked("convolution,bath-norm");
    var problem = assertThrows(BackendException.class, () -> open(Precision.FLOAT32));
    assertTrue(problem.getMessage().contains("'bath-norm'") && problem.getMessage().contains("depthwise,batch-norm"),
        problem.getMessage());
    // The doctor says the same.
    assertInstanceOf(Availability.Unavailable.class, new CudaBackend().probe());
  }

  @Test
  void whereItDoesNotStartOwnKernelsRun() {
    EmulatedCard.startCudnnWith(NOT_INITIALIZED);
    var before = calls();
    try (Device device = open(Precision.FLOAT32)) {
      assertEquals(expectedLoss(), loss(device), 1e-6);
    }
    assertNoneOf(before);
    asked("all");
    var problem = assertThrows(BackendException.class, () -> open(Precision.FLOAT32));
    assertTrue(problem.getMessage().contains("CUDNN_STATUS_NOT_INITIALIZED (1001)")
        && problem.getMessage().contains(CudnnChoice.PROPERTY + "=none"), problem.getMessage());
  }

  @Test
  void whereItHasNoAlgorithmOwnKernelsRun() {
    EmulatedCard.cudnnLacksAlgorithms(true);
    var before = calls();
    try (Device device = open(Precision.FLOAT32)) {
      assertEquals(expectedLoss(), loss(device), 1e-6);
    }
    assertNoneOf(before);
    asked("convolution");
    try (Device device = open(Precision.FLOAT32)) {
      var problem = assertThrows(BackendException.class, () -> loss(device));
      assertTrue(problem.getMessage().contains("no deterministic algorithm")
          && problem.getMessage().contains(CudnnChoice.PROPERTY + "=none"), problem.getMessage());
    }
  }

  @Test
  void whatIsOpenIsCounted() {
    asked("all");
    CudaDevice device = open(Precision.FLOAT32);
    try (device) {
      assertEquals(1, device.live().get("cuDNN handle"));
      loss(device);
      assertTrue(device.live().get("cuDNN descriptor") > 5, device.live().toString());
    }
    assertEquals(Map.of(), device.live());
  }

  /** The same bits again, by the card's own steps and by its graph. */
  @Test
  void trainingTwiceGivesTheSameBits() {
    asked("all");
    List<List<Double>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      try (Device device = open(Precision.FLOAT32)) {
        runs.add(training.train(device, 4).stream()
            .flatMap(tensor -> Arrays.stream(tensor.doubles()).boxed()).toList());
      }
    }
    assertEquals(runs.get(0), runs.get(1));
  }
}
