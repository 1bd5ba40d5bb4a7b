package dev.lentil.backend.cpu;

import static dev.lentil.backend.cpu.kernels.Kernels.FRONT;

import dev.lentil.backend.cpu.ConvolveOp.Pointwise;
import dev.lentil.plan.Step;
import java.util.Optional;

/** {@link Step.TrainConvolve} of a convolution: blocks of pixels are normalised, multiplied and measured while in cache. */
final class TrainConvolveOp extends Op {
  private final ConvolveOp convolution;
  private final Step.TrainConvolve step;
  private final Optional<NormalizedInput> before;
  private final Optional<BatchMoments> after;
  private final int pixels;

  /** @param pixels of a unit of the convolution */
  TrainConvolveOp(ConvolveOp convolution, Step.TrainConvolve step, Optional<NormalizedInput> before,
      Optional<BatchMoments> after, int pixels) {
    this.convolution = convolution;
    this.step = step;
    this.before = before;
    this.after = after;
    this.pixels = pixels;
  }

  /** Pixels that are worked on together, so that what is read and what is written stay in the second-level cache. */
  static int block(int in, int out) {
    int floats = 192 * 1024;
    return Math.clamp(floats / (in + out) / 8 * 8, 8, 256);
  }

  @Override
  void refresh() {
    convolution.refresh();
  }

  @Override
  void run(Frame frame, Workers workers) {
    before.ifPresent(input -> input.prepare(frame));
    int units = frame.samples() * convolution.units();
    Partition groups = Partition.of(units, Math.max(1, 128 / pixels), 1);
    after.ifPresent(moments -> moments.start(groups.groups()));
    int out = convolution.channels();
    int block = Math.max(1, block(convolution.depth, out) / pixels);
    groups.run(workers, block, (group, from, to) -> {
      if (before.isPresent()) {
        float[] x = Scratch.INPUT.of((to - from) * convolution.depth);
        before.get().apply(to - from, frame.array(step.x()), frame.offset(step.x()) + from * convolution.depth, x,
            FRONT);
        ((Pointwise) convolution).pixels(to - from, x, FRONT, frame.array(step.y()),
            frame.offset(step.y()) + from * out);
      } else {
        convolution.range(frame, from, to);
      }
      after.ifPresent(moments -> moments.add(group, (to - from) * pixels, frame.array(step.y()),
          frame.offset(step.y()) + from * pixels * out));
    });
    after.ifPresent(moments -> moments.finish(frame));
  }
}
