package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Loss;
import dev.lentil.plan.Step;
import dev.lentil.plan.Target;
import dev.lentil.random.DropoutMask;
import java.util.Arrays;
import java.util.List;

/** Steps that are one call of a kernel or a short loop. */
final class SimpleOps {
  private static final int ELEMENTS = 8192;

  private SimpleOps() {}

  /** A step whose unit is an element. */
  private abstract static class Elements extends Op.Range {
    private final int size;

    private Elements(int size) {
      this.size = size;
    }

    @Override
    int units() {
      return size;
    }

    @Override
    int grain() {
      return ELEMENTS;
    }
  }

  static final class Rectify extends Elements {
    private final Kernels kernels;
    private final int x;
    private final int y;

    Rectify(Kernels kernels, int size, int x, int y) {
      super(size);
      this.kernels = kernels;
      this.x = x;
      this.y = y;
    }

    @Override
    void range(Frame frame, int from, int to) {
      kernels.relu6(to - from, frame.array(x), frame.offset(x) + from, frame.array(y), frame.offset(y) + from);
    }
  }

  static final class RectifyBackward extends Elements {
    private final Kernels kernels;
    private final Step.RectifyBackward step;
    private final Target target;

    RectifyBackward(Kernels kernels, int size, Step.RectifyBackward step) {
      super(size);
      this.kernels = kernels;
      this.step = step;
      target = step.dx().orElseThrow();
    }

    @Override
    void range(Frame frame, int from, int to) {
      int y = step.forward().y();
      kernels.relu6Backward(to - from, frame.array(y), frame.offset(y) + from, frame.array(step.dy()),
          frame.offset(step.dy()) + from, OpFactory.finish(target), frame.array(target.value()),
          frame.offset(target.value()) + from);
    }
  }

  static final class AddUp extends Elements {
    private final Kernels kernels;
    private final int a;
    private final int b;
    private final int y;

    AddUp(Kernels kernels, int size, int a, int b, int y) {
      super(size);
      this.kernels = kernels;
      this.a = a;
      this.b = b;
      this.y = y;
    }

    @Override
    void range(Frame frame, int from, int to) {
      kernels.add(to - from, frame.array(a), frame.offset(a) + from, frame.array(b), frame.offset(b) + from,
          frame.array(y), frame.offset(y) + from);
    }
  }

  static final class AddUpBackward extends Elements {
    private final Kernels kernels;
    private final int dy;
    private final List<Target> targets;

    AddUpBackward(Kernels kernels, int size, int dy, List<Target> targets) {
      super(size);
      this.kernels = kernels;
      this.dy = dy;
      this.targets = targets;
    }

    @Override
    void range(Frame frame, int from, int to) {
      float[] gradient = frame.array(dy);
      int at = frame.offset(dy) + from;
      for (Target target : targets) {
        float[] dx = frame.array(target.value());
        int out = frame.offset(target.value()) + from;
        switch (target.mode()) {
          case WRITE -> System.arraycopy(gradient, at, dx, out, to - from);
          case ACCUMULATE -> kernels.add(to - from, dx, out, gradient, at, dx, out);
        }
      }
    }
  }

  /** A unit is a sample, so that its sum is taken in one order. */
  static final class AveragePool extends Op.Range {
    /** Pixels that are summed in float32; their sums are added in float64, since many equal values all round one way. */
    private static final int SUM_ROWS = 128;

    private final Kernels kernels;
    private final int rows;
    private final int c;
    private final int x;
    private final int y;

    AveragePool(Kernels kernels, int rows, int c, int x, int y) {
      this.kernels = kernels;
      this.rows = rows;
      this.c = c;
      this.x = x;
      this.y = y;
    }

    @Override
    int units() {
      return 1;
    }

    @Override
    int grain() {
      return 1;
    }

    @Override
    void range(Frame frame, int from, int to) {
      double[] total = new double[c];
      float[] sums = new float[c + Kernels.SLACK];
      float[] out = frame.array(y);
      for (int sample = from; sample < to; sample++) {
        Arrays.fill(total, 0);
        for (int row = 0; row < rows; row += SUM_ROWS) {
          int at = frame.offset(x) + (sample * rows + row) * c;
          kernels.columnSums(Math.min(SUM_ROWS, rows - row), c, frame.array(x), at, sums);
          for (int i = 0; i < c; i++) {
            total[i] += sums[i];
          }
        }
        for (int i = 0; i < c; i++) {
          out[frame.offset(y) + sample * c + i] = (float) (total[i] / rows);
        }
      }
    }
  }

  static final class AveragePoolBackward extends Op.Range {
    private final int rows;
    private final int c;
    private final int dy;
    private final Target target;

    AveragePoolBackward(int rows, int c, int dy, Target target) {
      this.rows = rows;
      this.c = c;
      this.dy = dy;
      this.target = target;
    }

    @Override
    int units() {
      return rows;
    }

    @Override
    int grain() {
      return 16;
    }

    @Override
    void range(Frame frame, int from, int to) {
      float[] gradient = frame.array(dy);
      float[] dx = frame.array(target.value());
      for (int row = from; row < to; row++) {
        int at = frame.offset(dy) + row / rows * c;
        int out = frame.offset(target.value()) + row * c;
        for (int i = 0; i < c; i++) {
          float share = gradient[at + i] / rows;
          dx[out + i] = target.mode() == Target.Mode.ACCUMULATE ? dx[out + i] + share : share;
        }
      }
    }
  }

  /** Forward, or backward with {@code dy} for {@code x}: both multiply by the same mask. */
  static final class DropOut extends Elements {
    private final Step.DropOut step;
    private final int x;
    private final int y;
    private final Finish finish;

    DropOut(int size, Step.DropOut step, int x, int y, Finish finish) {
      super(size);
      this.step = step;
      this.x = x;
      this.y = y;
      this.finish = finish;
    }

    @Override
    void range(Frame frame, int from, int to) {
      float[] factors = new float[to - from];
      var state = frame.state();
      DropoutMask.fill(state.seed(), state.stage(), state.step(), step.operation(), step.layer().rate(), from, factors,
          to - from);
      float[] in = frame.array(x);
      float[] out = frame.array(y);
      for (int i = 0; i < to - from; i++) {
        // What is dropped is 0 even if it was no number, which a product would hand on.
        float value = factors[i] == 0 ? 0 : in[frame.offset(x) + from + i] * factors[i];
        int at = frame.offset(y) + from + i;
        out[at] = finish == Finish.ACCUMULATE ? out[at] + value : value;
      }
    }
  }

  static final class ApplySigmoid extends Elements {
    private final int x;
    private final int y;

    ApplySigmoid(int size, int x, int y) {
      super(size);
      this.x = x;
      this.y = y;
    }

    @Override
    void range(Frame frame, int from, int to) {
      for (int i = from; i < to; i++) {
        frame.array(y)[frame.offset(y) + i] = (float) Loss.sigmoid(frame.array(x)[frame.offset(x) + i]);
      }
    }
  }

  /** A unit is a row of channels, of which a sample has one for each of its pixels. */
  static final class ApplySoftmax extends Op.Range {
    private final int rows;
    private final int c;
    private final int x;
    private final int y;

    ApplySoftmax(int rows, int c, int x, int y) {
      this.rows = rows;
      this.c = c;
      this.x = x;
      this.y = y;
    }

    @Override
    int units() {
      return rows;
    }

    @Override
    int grain() {
      return 1;
    }

    @Override
    void range(Frame frame, int from, int to) {
      float[] logits = frame.array(x);
      float[] out = frame.array(y);
      double[] z = new double[c];
      for (int row = from; row < to; row++) {
        for (int i = 0; i < c; i++) {
          z[i] = logits[frame.offset(x) + row * c + i];
        }
        Loss.softmax(z, 0, c);
        for (int i = 0; i < c; i++) {
          out[frame.offset(y) + row * c + i] = (float) z[i];
        }
      }
    }
  }
}
