package dev.lentil.backend.cuda;

import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ImageStore;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.Precision;
import dev.lentil.backend.cuda.blas.Arithmetic;
import dev.lentil.backend.cuda.blas.Blas;
import dev.lentil.backend.cuda.blas.BlasProvider;
import dev.lentil.backend.cuda.dnn.Cudnn;
import dev.lentil.backend.cuda.dnn.CudnnChoice;
import dev.lentil.backend.cuda.dnn.CudnnOperation;
import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.driver.Driver;
import dev.lentil.backend.cuda.driver.Stream;
import dev.lentil.backend.cuda.nvrtc.NvrtcProvider;
import dev.lentil.image.ByteImages;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Fusion;
import dev.lentil.plan.Plan;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** One card: a stream, cuBLAS, the kernels, and the memory that executables share, since only one of them runs at a time. */
final class CudaDevice implements Device {
  private static final AtomicReference<String> LOGGED = new AtomicReference<>("");

  private final Driver driver;
  private final Precision precision;
  private final Closing owned = new Closing();
  private final Stream stream;
  private final Blas blas;
  private final Optional<Cudnn> cudnn;
  private final KernelLibrary kernels;
  private final SharedMemory memory;
  private final Staging staging;
  private final Replies replies;
  private boolean open = true;

  private CudaDevice(Driver driver, Precision precision) {
    this.driver = owned.add(driver);
    this.precision = precision;
    try {
      stream = owned.add(driver.stream());
      DeviceMemory workspace = owned.add(driver.allocate(Blas.WORKSPACE_BYTES));
      blas = owned.add(BlasProvider.open(driver, stream, workspace,
          precision == Precision.TF32 ? Arithmetic.TF32 : Arithmetic.FLOAT32));
      CudnnChoice choice = CudnnChoice.of(precision);
      cudnn = Cudnn.open(choice, precision, driver, stream).map(owned::add);
      kernels = owned.add(new KernelLibrary(driver, precision));
      memory = owned.add(new SharedMemory(driver));
      staging = owned.add(new Staging(driver, stream, owned.add(driver.stream())));
      replies = owned.add(new Replies(driver, stream));
      logOnce("cuda: " + driver.info().text() + "; " + BlasProvider.choose().text() + "; "
          + NvrtcProvider.choose().text() + "; "
          + (cudnn.isEmpty() && !choice.operations().isEmpty() ? "cuDNN does not start" : choice.text()));
    } catch (RuntimeException | Error e) {
      Closing.after(e, owned);
      throw e;
    }
  }

  static CudaDevice open(DeviceOptions options) {
    return new CudaDevice(Driver.open(options.card()), options.precision());
  }

  private static void logOnce(String line) {
    if (!LOGGED.getAndSet(line).equals(line)) {
      System.getLogger("dev.lentil").log(Level.INFO, line);
    }
  }

  Driver driver() {
    return driver;
  }

  Stream stream() {
    return stream;
  }

  Blas blas() {
    return blas;
  }

  /** cuDNN, if it does this. */
  Optional<Cudnn> cudnn(CudnnOperation operation) {
    return cudnn.filter(library -> library.does(operation));
  }

  KernelLibrary kernels() {
    return kernels;
  }

  SharedMemory memory() {
    return memory;
  }

  Staging staging() {
    return staging;
  }

  Replies replies() {
    return replies;
  }

  Storage storage() {
    return precision == Precision.BFLOAT16 ? Storage.BFLOAT16 : Storage.FLOAT32;
  }

  /** What was made on the card and not yet closed, by kind. */
  Map<String, Integer> live() {
    return driver.live();
  }

  @Override
  public String describe() {
    return "cuda: " + driver.info().text() + ", " + blas.describe() + ", "
        + cudnn.map(library -> library.describe() + ", ").orElse("") + precision.text();
  }

  @Override
  public Set<Fusion> fusions() {
    // What cuDNN is to do must not disappear inside a step with other work.
    if (cudnn(CudnnOperation.BATCH_NORM).isPresent() || cudnn(CudnnOperation.RELU6).isPresent()) {
      return Set.of();
    }
    return cudnn(CudnnOperation.DEPTHWISE).isPresent()
        ? EnumSet.of(Fusion.CONVOLVE)
        : EnumSet.of(Fusion.CONVOLVE, Fusion.DEPTHWISE, Fusion.RECTIFIED_DEPTHWISE, Fusion.BATCH_STATISTICS);
  }

  @Override
  public ParameterBank load(Network network, Weights weights) {
    driver.makeCurrent();
    return new CudaParameters(this, network, weights.matching(network));
  }

  @Override
  public Executable compile(Plan plan, ParameterBank bank) {
    if (!(bank instanceof CudaParameters parameters) || parameters.device() != this) {
      throw new IllegalArgumentException("the parameters were not loaded on this card");
    }
    driver.makeCurrent();
    return new CudaExecutable(plan, parameters, this);
  }

  @Override
  public Optional<ImageStore> store(ByteImages images, List<Plan> beside) {
    driver.makeCurrent();
    return CudaImages.store(this, images, beside);
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      driver.makeCurrent();
      owned.close();
    }
  }
}
