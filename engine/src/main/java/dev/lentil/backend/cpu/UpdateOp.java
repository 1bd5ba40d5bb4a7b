package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Optimizer;
import dev.lentil.plan.Step;

/** Moves the trained parameters; a task is one parameter. */
final class UpdateOp extends Op {
  private final Kernels kernels;
  private final CpuParameters parameters;
  private final Step.Update step;

  UpdateOp(Kernels kernels, CpuParameters parameters, Step.Update step) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.step = step;
  }

  @Override
  void run(Frame frame, Workers workers) {
    float[] g = parameters.gradients();
    float[] w = parameters.values();
    float[] first = parameters.slot(0);
    float[] second = step.optimizer().slots() > 1 ? parameters.slot(1) : first;
    workers.run(step.moved().size(), (task, _) -> {
      Step.Update.Moved moved = step.moved().get(task);
      int offset = parameters.offset(moved.parameter());
      int size = parameters.network().parameter(moved.parameter()).shape().size();
      double rate = frame.state().learningRate() * moved.rateFactor();
      switch (step.optimizer()) {
        case Optimizer.Adam adam -> kernels.adam(size, (float) adam.correctedRate(rate, frame.state().step()),
            (float) (rate * adam.weightDecay(moved.role())), (float) (1 - adam.beta1()), (float) (1 - adam.beta2()),
            (float) adam.epsilon(), g, first, second, w, offset);
        case Optimizer.Sgd sgd ->
            kernels.sgd(size, (float) rate, (float) sgd.momentum(), g, first, w, offset);
      }
    });
    step.parameters().forEach(parameters::changed);
  }
}
