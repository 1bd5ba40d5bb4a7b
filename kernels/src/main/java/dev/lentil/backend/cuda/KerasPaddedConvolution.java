package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.dnn.ConvolutionShape;
import dev.lentil.backend.cuda.dnn.Cudnn;
import dev.lentil.backend.cuda.dnn.CudnnConvolution;
import dev.lentil.backend.cuda.driver.Grid;
import dev.lentil.nn.Window;
import dev.lentil.plan.Target;
import java.util.List;
import java.util.Optional;

/**
 * A convolution by cuDNN. Where Keras pads one side only, cuDNN is given a padded copy of the input, and the gradient of the
 * copy is cut back.
 *
 * @param convolution of the input or of its padded copy
 * @param extents [h,w] of the padded copy; empty where the input itself will do
 */
record KerasPaddedConvolution(CudnnConvolution convolution, Bindings at, Folds folds, String kernel, Window window,
    int in, int out, int groups, int x, int y, Optional<Extents> extents) implements Convolution {
  private static final String PAD = "pad.cu";

  /** An image's. */
  record Extents(int h, int w) {}

  /** @return empty if cuDNN cannot and nobody insists */
  static Optional<Convolution> of(Cudnn cudnn, Bindings at, Folds folds, String kernel, Window w, int in, int out,
      int groups, int x, int y) {
    boolean even = ConvolutionShape.extent(w.inH(), w.kernelH(), w.padTop(), w.stride()) == w.outH()
        && ConvolutionShape.extent(w.inW(), w.kernelW(), w.padLeft(), w.stride()) == w.outW();
    Optional<Extents> extents = even
        ? Optional.empty()
        : Optional
            .of(new Extents((w.outH() - 1) * w.stride() + w.kernelH(), (w.outW() - 1) * w.stride() + w.kernelW()));
    ConvolutionShape shape = new ConvolutionShape(at.batch(), extents.map(Extents::h).orElse(w.inH()),
        extents.map(Extents::w).orElse(w.inW()), in, w.outH(), w.outW(), out, w.kernelH(), w.kernelW(), w.stride(),
        even ? w.padTop() : 0, even ? w.padLeft() : 0, groups);
    return cudnn.convolution(shape).map(
        convolution -> new KerasPaddedConvolution(convolution, at, folds, kernel, w, in, out, groups, x, y, extents));
  }

  /** The extents of the kernel as a matrix: what is summed over, and what it makes. */
  private int taps() {
    return window.kernelH() * window.kernelW() * in / groups;
  }

  private long filter() {
    return folds.filter(kernel, taps(), out);
  }

  private int paddedCount(Extents e) {
    return Layout.countable((long) at.batch() * e.h * e.w * in, at.batch());
  }

  /** The address of the input as cuDNN takes it. */
  private long input(List<Op> ops) {
    return extents.map(e -> {
      int count = paddedCount(e);
      long padded = at.scratch(4L * count);
      ops.add(at.each(PAD, "pad", count, at.address(x), padded, Bindings.structure(window), e.h, e.w, count, in));
      return padded;
    }).orElseGet(() -> at.address(x));
  }

  @Override
  public void forward(List<Op> ops) {
    ops.add(
        Op.of(convolution.forward(input(ops), filter(), at.address(y), at.scratch(convolution.forwardWorkspace()))));
  }

  @Override
  public void kernelGradient(List<Op> ops, long dy) {
    int count = taps() * out;
    long gradient = at.scratch(4L * count);
    ops.add(
        Op.of(convolution.filterGradient(input(ops), dy, gradient, at.scratch(convolution.filterGradientWorkspace()))));
    ops.add(at.launch("transpose.cu", "transpose", Grid.elements(count), gradient,
        at.parameters().gradientAddress(kernel), out, taps(), count));
  }

  @Override
  public void inputGradient(List<Op> ops, long dy, Target dx) {
    long workspace = at.scratch(convolution.inputGradientWorkspace());
    if (extents.isEmpty()) {
      ops.add(Op.of(convolution.inputGradient(dy, filter(), at.address(dx.value()), workspace,
          dx.mode() == Target.Mode.ACCUMULATE)));
      return;
    }
    Extents e = extents.get();
    long padded = at.scratch(4L * paddedCount(e));
    ops.add(Op.of(convolution.inputGradient(dy, filter(), padded, workspace, false)));
    ops.add(at.each(PAD, Bindings.kernel("crop", dx), at.count(dx.value()), padded, at.address(dx.value()),
        Bindings.structure(window), e.h, e.w, at.count(dx.value()), in));
  }
}
