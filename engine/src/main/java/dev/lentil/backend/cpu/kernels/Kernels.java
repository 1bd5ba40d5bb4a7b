package dev.lentil.backend.cpu.kernels;

import dev.lentil.nn.Window;

/**
 * The inner loops of the CPU backend, over {@code float[]} and offsets. There are two implementations with one contract:
 * {@code vector} on the JDK's Vector API and {@code scalar} in plain Java. Which one runs is chosen once, see
 * {@link dev.lentil.backend.cpu.KernelProvider}; calls are per row block, never per element. Every method may be called from
 * several threads on disjoint outputs. No result depends on how an output range was cut into calls.
 *
 * <p>Matrices are row-major. A kernel may read, but never uses, up to {@link #SLACK} elements behind a matrix, so arrays
 * have that much room at their end.
 */
public interface Kernels {
  /** Elements that must be readable behind any operand of a kernel. */
  int SLACK = 64;

  /**
   * Where the first element of an array of our own is: behind the array's header it begins a line of 64 bytes, as long as
   * objects do ({@code -XX:ObjectAlignmentInBytes=64}, which the launcher asks for). A vector that lies in two lines takes
   * twice as long to load or to store. The header has 16 bytes, since JDK 27 usually 12 (JEP 534); whoever asks Java for other
   * headers than its own loses what this gains and no more.
   */
  int FRONT = Runtime.version().feature() < 27 ? 12 : 13;

  /** The scale of {@link #pack} that leaves every column as it is. */
  float[] NO_SCALE = {};

  /** One line for people: what this runs on. */
  String describe();

  /**
   * Columns of a matrix product that are calculated together, and so the channels of a group in {@link #depthwiseGroup}.
   */
  int panel();

  /** The number of floats of {@link #pack}'s result for a {@code [k,n]} matrix. */
  int packedSize(int k, int n);

  /**
   * Rearranges a {@code [k,n]} matrix {@code b(i,j) = b[bOff + i*rowStride + j*columnStride]} into the panels that
   * {@link #multiply} reads.
   *
   * @param scale one factor per column, or {@link #NO_SCALE} (this is where a batch normalisation folds into a kernel)
   */
  void pack(float[] b, int bOff, int rowStride, int columnStride, int k, int n, float[] scale, float[] packed);

  /** What becomes of a result {@code y}, after the bias, where it is stored to {@code c}. */
  enum Finish {
    /** {@code c = y}. */
    STORE,
    /** {@code c = min(max(y, 0), 6)}. */
    RELU6,
    /** {@code c = y + residual}. */
    ADD_RESIDUAL,
    /** {@code c = c + y}. */
    ACCUMULATE
  }

  /**
   * {@code c[m,n] = finish(a[m,k] b[k,n] + bias)}.
   *
   * @param a rows at {@code aOff + i*aStride}, contiguous
   * @param packed from {@link #pack}
   * @param bias {@code [n]} with {@link #SLACK} behind; not added with {@link Finish#ACCUMULATE}
   * @param residual read at {@code rOff + i*cStride} with {@link Finish#ADD_RESIDUAL}; otherwise not read
   */
  default void multiply(int m, int k, int n, float[] a, int aOff, int aStride, float[] packed, float[] bias,
      Finish finish, float[] residual, int rOff, float[] c, int cOff, int cStride) {
    multiply(m, k, n, 0, n, a, aOff, aStride, packed, bias, finish, residual, rOff, c, cOff, cStride);
  }

  /**
   * A part of {@link #multiply}: columns {@code nFrom..nTo-1} of the result. All parts together give the same bits as one call.
   *
   * @param nFrom a multiple of {@link #panel()}
   * @param nTo a multiple of {@link #panel()}, or {@code n}
   * @param c rows that hold columns {@code nFrom..nTo-1} only
   */
  void multiply(int m, int k, int n, int nFrom, int nTo, float[] a, int aOff, int aStride, float[] packed, float[] bias,
      Finish finish, float[] residual, int rOff, float[] c, int cOff, int cStride);

  /**
   * {@code c[k,n] = transpose(a[m,k]) b[m,n]} for rows {@code kFrom..kTo-1} and columns {@code nFrom..nTo-1} of
   * {@code c}: a layer's kernel gradient. Sums are taken over blocks of rows, then over the blocks, in order.
   *
   * @param finish {@code STORE} or {@code ACCUMULATE}
   */
  void multiplyTransposed(int m, int k, int n, float[] a, int aOff, float[] b, int bOff, float[] c, int cOff,
      int kFrom, int kTo, int nFrom, int nTo, Finish finish);

  /**
   * {@code y[rows,size] = x[rows,size]}: rows of a few elements, such as a patch's, which a call of {@code System.arraycopy}
   * would take longer to start than to copy.
   */
  void copy(int rows, int size, float[] x, int xOff, int xStride, float[] y, int yOff, int yStride);

  /**
   * The patches of neighbouring pixels, {@code yStep} elements apart: {@code y[pixels][rows,width]} from {@code rows} rows of
   * {@code x} that are {@code xRow} elements apart. Each pixel sees {@code width} elements of a row, {@code xStep} behind those
   * that the pixel before it sees.
   */
  default void patches(int pixels, int rows, int width, float[] x, int xOff, int xRow, int xStep, float[] y, int yOff,
      int yStep) {
    for (int row = 0; row < rows; row++) {
      copy(pixels, width, x, xOff + row * xRow, xStep, y, yOff + row * width, yStep);
    }
  }

  /**
   * One output row of a depthwise convolution.
   *
   * @param x the sample's first element, {@code [inH,inW,c]}
   * @param y the row's first element, {@code [outW,c]}
   * @param w {@code [kernelH*kernelW,c]} with {@link #SLACK} behind
   * @param finish {@code STORE}, {@code RELU6} or {@code ACCUMULATE}
   */
  void depthwiseRow(Window window, int oy, int c, float[] x, int xOff, float[] w, float[] bias, Finish finish,
      float[] y, int yOff);

  /**
   * One output row of a depthwise convolution over a group of at most {@link #panel()} channels, whose pixels stand {@link
   * #panel()} elements apart in the input and {@code yStride} in the output.
   *
   * @param channels of the group; elements behind them are undefined in {@code x}
   * @param rows where in {@code x} the input rows under the kernel's rows start, {@code [kernelH]} rows of {@code
   *     [inW,panel]}; for a row outside the image that of a row of zeros
   * @param w from {@code wOff}: {@code [kernelH*kernelW,panel]}
   * @param bias from {@code biasOff}: {@code [panel]}
   * @param finish {@code STORE} or {@code RELU6}
   * @param room for {@code [outW,panel]}
   * @param y the group's first element of the row
   */
  void depthwiseGroup(Window window, int channels, float[] x, int[] rows, float[] w, int wOff, float[] bias,
      int biasOff, Finish finish, float[] room, float[] y, int yOff, int yStride);

  /**
   * One input row of a depthwise convolution's input gradient.
   *
   * @param dy the sample's first element, {@code [outH,outW,c]}
   * @param dx the row's first element, {@code [inW,c]}
   * @param finish {@code STORE} or {@code ACCUMULATE}
   */
  void depthwiseInputGradientRow(Window window, int iy, int c, float[] dy, int dyOff, float[] w, Finish finish,
      float[] dx, int dxOff);

  /**
   * Adds one input row's share of a depthwise convolution's kernel gradient to {@code dw[kernelH*kernelW,c]}.
   *
   * @param x the row's first element, {@code [inW,c]}
   * @param dy the sample's first element, {@code [outH,outW,c]}; only rows that see the input row are read
   */
  void depthwiseKernelGradientRow(Window window, int iy, int c, float[] x, int xOff, float[] dy, int dyOff, float[] dw,
      int dwOff);

  /**
   * {@code y = finish((x - center[c]) * scale[c] + shift[c])} over {@code rows} rows of {@code c} channels. The mean is taken
   * off first, since {@code x * scale + (shift - center * scale)} would subtract two large numbers.
   *
   * @param finish {@code STORE} or {@code RELU6}
   */
  void normalize(int rows, int c, float[] x, int xOff, float[] center, float[] scale, float[] shift, Finish finish,
      float[] y, int yOff);

  /** {@code y = min(max(x, 0), 6)}. */
  void relu6(int size, float[] x, int xOff, float[] y, int yOff);

  /** {@code dx = 0 < y < 6 ? dy : 0}; with {@code ACCUMULATE} added to what is there. */
  void relu6Backward(int size, float[] y, int yOff, float[] dy, int dyOff, Finish finish, float[] dx, int dxOff);

  /** {@code y = a + b}. */
  void add(int size, float[] a, int aOff, float[] b, int bOff, float[] y, int yOff);

  /** {@code sum[c]} over the rows, in row order. */
  void columnSums(int rows, int c, float[] x, int xOff, float[] sum);

  /** {@code sum[c]} and {@code squares[c]}: of {@code x - center[c]} and of its square over the rows, in row order. */
  void columnMoments(int rows, int c, float[] x, int xOff, float[] center, float[] sum, float[] squares);

  /** {@code sum[c] = sum over rows of dy (x - center[c])}, in row order. */
  void columnProducts(int rows, int c, float[] dy, int dyOff, float[] x, int xOff, float[] center, float[] sum);

  /**
   * The gradient through ReLU6 of a {@link #normalize}d value, in place, and its sums per channel: {@code dy} becomes 0 where
   * {@code (x - center) scale + shift} does not lie strictly between 0 and 6; {@code sum[c]} is that of {@code dy} then,
   * {@code product[c]} that of {@code dy (x - center[c])}, in row order.
   */
  void rectifiedSums(int rows, int c, float[] x, int xOff, float[] center, float[] scale, float[] shift, float[] dy,
      int dyOff, float[] sum, float[] product);

  /** {@code dx = a[c] dy + b[c] (x - center[c]) + d[c]}: the input gradient of a batch normalisation. */
  void normalizeBackward(int rows, int c, float[] dy, int dyOff, float[] x, int xOff, float[] a, float[] b,
      float[] center, float[] d, Finish finish, float[] dx, int dxOff);

  /**
   * One Adam update in Keras's form: {@code m += (g - m) share1}, {@code v += (g^2 - v) share2}, {@code w -= decay w + rate m /
   * (sqrt(v) + epsilon)}. The bias corrections are in {@code rate}, the learning rate is in {@code decay}. The shares are 1 - beta1
   * and 1 - beta2, taken in float64: 1 - 0.999f would be off by 5e-5 of itself.
   */
  void adam(int size, float rate, float decay, float share1, float share2, float epsilon, float[] g, float[] m,
      float[] v, float[] w, int off);

  /** One step of gradient descent with momentum: {@code a = momentum a - rate g}, {@code w += a}. */
  void sgd(int size, float rate, float momentum, float[] g, float[] a, float[] w, int off);
}
