package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Window;
import dev.lentil.plan.Step;
import dev.lentil.plan.Step.ParameterGradients;
import dev.lentil.plan.Target;

/** Gradients of a depthwise convolution, as a step of its own; an image is a task. */
final class DepthwiseBackwardOp extends Op {
  private final Kernels kernels;
  private final Step.DepthwiseConvolveBackward step;
  private final DepthwiseGradient gradient;
  private final Window window;
  private final int c;

  DepthwiseBackwardOp(Kernels kernels, Step.DepthwiseConvolveBackward step, DepthwiseGradient gradient, int channels) {
    this.kernels = kernels;
    this.step = step;
    this.gradient = gradient;
    window = step.forward().window();
    c = channels;
  }

  @Override
  void refresh() {
    gradient.refresh();
  }

  @Override
  void run(Frame frame, Workers workers) {
    float[][] kernelSums = new float[frame.samples()][];
    workers.run(frame.samples(), (sample, _) -> {
      kernelSums[sample] = gradient.newSum();
      sample(frame, sample, kernelSums[sample]);
    });
    if (step.parameters() == ParameterGradients.WANTED) {
      gradient.store(kernelSums);
    }
  }

  private void sample(Frame frame, int sample, float[] kernelSums) {
    int in = window.inW() * c;
    int dyOff = frame.offset(step.dy()) + sample * window.outH() * window.outW() * c;
    int x = step.forward().x();
    for (int iy = 0; iy < window.inH(); iy++) {
      int row = (sample * window.inH() + iy) * in;
      if (step.parameters() == ParameterGradients.WANTED) {
        kernels.depthwiseKernelGradientRow(window, iy, c, frame.array(x), frame.offset(x) + row, frame.array(step.dy()),
            dyOff, kernelSums, 0);
      }
      if (step.dx().isPresent()) {
        Target target = step.dx().get();
        gradient.inputRow(iy, frame.array(step.dy()), dyOff, OpFactory.finish(target), frame.array(target.value()),
            frame.offset(target.value()) + row);
      }
    }
  }
}
