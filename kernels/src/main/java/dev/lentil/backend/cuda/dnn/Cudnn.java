package dev.lentil.backend.cuda.dnn;

import static dev.lentil.backend.cuda.dnn.CudnnError.check;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Precision;
import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.DevicePointer;
import dev.lentil.backend.cuda.driver.Driver;
import dev.lentil.backend.cuda.driver.Ledger;
import dev.lentil.backend.cuda.driver.RecordingLock;
import dev.lentil.backend.cuda.driver.Stream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnPoolingDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.runtime.cudaStream_t;

/** cuDNN on one card: float32 tensors in NHWC. Work goes to the stream that it was opened with. */
public final class Cudnn implements AutoCloseable {
  static final Pointer ONE = Pointer.to(new float[] {1});
  static final Pointer ZERO = Pointer.to(new float[] {0});

  private static final String KIND = "cuDNN handle";

  private final CudnnChoice choice;
  private final int math;
  private final RecordingLock lock;
  private final Ledger ledger;
  private final cudnnHandle handle = new cudnnHandle();
  private final Descriptors descriptors;
  private final Map<ConvolutionShape, Optional<CudnnConvolution>> convolutions = new HashMap<>();
  private boolean open = true;

  private Cudnn(CudnnChoice choice, Precision precision, Driver driver, Stream stream) {
    this.choice = choice;
    lock = driver.lock();
    ledger = driver.ledger();
    math = precision == Precision.TF32 ? cudnnMathType.CUDNN_DEFAULT_MATH : cudnnMathType.CUDNN_FMA_MATH;
    descriptors = new Descriptors(ledger);
    try (var _ = lock.hold()) {
      check(JCudnn.cudnnCreate(handle), "start");
    }
    ledger.opened(KIND);
    try {
      check(JCudnn.cudnnSetStream(handle, new cudaStream_t(stream.handle())), "use a stream");
    } catch (RuntimeException | Error e) {
      Closing.after(e, this);
      throw e;
    }
  }

  /**
   * Opens it.
   *
   * @return empty where it is not chosen, or where it is but nobody asked for it and it does not start
   */
  public static Optional<Cudnn> open(CudnnChoice choice, Precision precision, Driver driver, Stream stream) {
    if (choice.operations().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Cudnn(choice, precision, driver, stream));
    } catch (BackendException e) {
      if (choice.wanted()) {
        throw e;
      }
      log(e.getMessage() + ". Own kernels run instead");
      return Optional.empty();
    }
  }

  private static void log(String line) {
    System.getLogger("dev.lentil").log(System.Logger.Level.INFO, "cuda: " + line);
  }

  /** For people: the library, its version and what it does. */
  public String describe() {
    return choice.text();
  }

  public boolean does(CudnnOperation operation) {
    return choice.operations().contains(operation);
  }

  /**
   * A convolution with algorithms that give the same bits each time.
   *
   * @return empty if cuDNN has none for this shape and nobody asked for cuDNN
   * @throws BackendException if it has none and somebody did
   */
  public Optional<CudnnConvolution> convolution(ConvolutionShape shape) {
    return convolutions.computeIfAbsent(shape, _ -> {
      try {
        return Optional.of(new CudnnConvolution(handle, descriptors, shape, math));
      } catch (BackendException e) {
        if (choice.wanted()) {
          throw e;
        }
        log(e.getMessage() + ". Own kernels run instead");
        return Optional.empty();
      }
    });
  }

  /** Batch normalisation over the pixels of {@code n} images. */
  public CudnnNormalization normalization(int n, int h, int w, int c) {
    return new CudnnNormalization(handle, descriptors.tensor(n, h, w, c), descriptors.tensor(1, 1, 1, c));
  }

  /** {@code y = min(max(x, 0), 6)}; {@code x} and {@code y} may be the same. */
  public Runnable relu6(int n, int h, int w, int c, long x, long y) {
    var activation = descriptors.clippedRelu(6);
    cudnnTensorDescriptor tensor = descriptors.tensor(n, h, w, c);
    Pointer from = new DevicePointer(x);
    Pointer to = new DevicePointer(y);
    return () -> check(JCudnn.cudnnActivationForward(handle, activation, ONE, tensor, from, ZERO, tensor, to),
        "apply ReLU6");
  }

  /** The mean over all pixels of each image and channel, {@code y [n,c]}. */
  public Runnable averagePool(int n, int h, int w, int c, long x, long y) {
    cudnnPoolingDescriptor pooling = descriptors.averagePooling(h, w);
    cudnnTensorDescriptor images = descriptors.tensor(n, h, w, c);
    cudnnTensorDescriptor means = descriptors.tensor(n, 1, 1, c);
    Pointer from = new DevicePointer(x);
    Pointer to = new DevicePointer(y);
    return () -> check(JCudnn.cudnnPoolingForward(handle, pooling, ONE, images, from, ZERO, means, to), "pool");
  }

  /**
   * The gradient of {@link #averagePool}.
   *
   * @param add whether it is added to {@code dx} or written there
   */
  public Runnable averagePoolGradient(int n, int h, int w, int c, long dy, long dx, boolean add) {
    cudnnPoolingDescriptor pooling = descriptors.averagePooling(h, w);
    cudnnTensorDescriptor images = descriptors.tensor(n, h, w, c);
    cudnnTensorDescriptor means = descriptors.tensor(n, 1, 1, c);
    Pointer from = new DevicePointer(dy);
    Pointer to = new DevicePointer(dx);
    // A mean's gradient depends on neither input nor output, which the plan keeps no longer; memory of their size is due all the same.
    return () -> check(JCudnn.cudnnPoolingBackward(handle, pooling, ONE, means, from, means, from, images, to,
        add ? ONE : ZERO, images, to), "pool backwards");
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      try (var owned = new Closing()) {
        owned.add(() -> {
          ledger.closed(KIND);
          try (var _ = lock.hold()) {
            check(JCudnn.cudnnDestroy(handle), "stop");
          }
        });
        owned.add(descriptors);
      }
    }
  }
}
