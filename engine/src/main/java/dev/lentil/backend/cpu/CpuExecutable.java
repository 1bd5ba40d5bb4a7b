package dev.lentil.backend.cpu;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Executable;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.plan.Phase;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Slot;
import dev.lentil.plan.Step;
import dev.lentil.plan.Value;
import dev.lentil.plan.Value.Placement;
import dev.lentil.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A plan as a list of {@link Op}s. In a per-sample phase each worker takes whole samples through all steps, in memory for
 * one sample that stays in its cache; with fewer samples than workers the steps themselves are shared out instead.
 */
final class CpuExecutable implements Executable {
  private final Plan plan;
  private final Workers workers;
  private final Memory memory;
  private final List<PhaseOps> phases = new ArrayList<>();
  private final Optional<LossOp> loss;
  private final boolean inputMayBeShared;

  private record PhaseOps(Phase.Kind kind, List<Op> ops) {}

  CpuExecutable(Plan plan, CpuParameters parameters, Kernels kernels, Workers workers, Memory memory) {
    if (plan.network() != parameters.network()) {
      throw new IllegalArgumentException("the plan and the parameters belong to different networks");
    }
    this.plan = plan;
    this.workers = workers;
    this.memory = memory;
    OpFactory factory = new OpFactory(plan, parameters, kernels);
    for (Phase phase : plan.phases()) {
      phases.add(new PhaseOps(phase.kind(), phase.steps().stream().map(factory::op).toList()));
    }
    loss = phases.stream().flatMap(phase -> phase.ops().stream())
        .filter(op -> op instanceof LossOp).map(op -> (LossOp) op).findFirst();
    // A windowed convolution reads its input by copying patches, so it needs no room behind the caller's array.
    inputMayBeShared = !plan.taps().containsValue(plan.input())
        && plan.steps().stream().filter(step -> step.reads().contains(plan.input()))
            .allMatch(step -> switch (step) {
              case Step.Convolve s -> !s.window().isPointwise();
              case Step.ConvolveBackward s -> !s.forward().window().isPointwise();
              case Step.TrainConvolve s -> s.convolution() instanceof Step.Convolve f && !f.window().isPointwise();
              case Step.TrainConvolveBackward s ->
                  s.forward().convolution() instanceof Step.Convolve f && !f.window().isPointwise();
              case Step.FusedConvolve s -> !s.window().isPointwise() && s.residual().isEmpty();
              case Step.FusedInvertedResidual s -> s.narrow().residual().isEmpty()
                  && s.widen().filter(widen -> !widen.window().isPointwise()).isPresent();
              default -> false;
            });
  }

  @Override
  public Plan plan() {
    return plan;
  }

  @Override
  public void run(Batch batch, RunState state) {
    batch.requireFits(plan);
    float[][] slots = new float[plan.slots().size()][];
    for (Slot slot : plan.slots()) {
      if (slot.placement() == Placement.BATCH) {
        slots[slot.id()] = memory.array(slot.id(), slot.size());
      }
    }
    int inputSlot = plan.value(plan.input()).slot();
    float[] images = batch.images().floats();
    if (inputMayBeShared) {
      slots[inputSlot] = images;
    } else {
      System.arraycopy(images, 0, slots[inputSlot], Frame.first(plan.value(plan.input())), images.length);
    }
    for (PhaseOps phase : phases) {
      phase.ops().forEach(Op::refresh);
      switch (phase.kind()) {
        case BATCH -> {
          Frame frame = new Frame(plan, slots, 0, plan.batch(), batch, state, inputMayBeShared);
          phase.ops().forEach(op -> op.run(frame, workers));
        }
        case PER_SAMPLE -> runPerSample(phase.ops(), slots, batch, state);
      }
    }
  }

  private void runPerSample(List<Op> ops, float[][] slots, Batch batch, RunState state) {
    int count = Math.min(workers.count(), plan.batch());
    float[][][] local = new float[count][][];
    for (int worker = 0; worker < count; worker++) {
      local[worker] = slots.clone();
      for (Slot slot : plan.slots()) {
        if (slot.placement() == Placement.SAMPLE) {
          local[worker][slot.id()] = memory.array((worker + 1) * plan.slots().size() + slot.id(), slot.size());
        }
      }
    }
    if (plan.batch() < workers.count()) {
      for (int sample = 0; sample < plan.batch(); sample++) {
        Frame frame = new Frame(plan, local[0], sample, 1, batch, state, inputMayBeShared);
        ops.forEach(op -> op.run(frame, workers));
      }
    } else {
      workers.run(plan.batch(), (sample, worker) -> {
        Frame frame = new Frame(plan, local[worker], sample, 1, batch, state, inputMayBeShared);
        for (Op op : ops) {
          Op.Range step = (Op.Range) op;
          step.range(frame, 0, step.units());
        }
      });
    }
  }

  @Override
  public Tensor read(String layer) {
    Value value = plan.tap(layer);
    float[] copy = new float[Math.toIntExact(value.size(plan.batch()))];
    System.arraycopy(memory.array(value.slot(), copy.length), Frame.first(value), copy, 0, copy.length);
    return Tensor.of(value.shape().batched(plan.batch()), copy);
  }

  @Override
  public double loss() {
    return loss.orElseThrow(() -> new IllegalStateException("an inference plan has no loss")).value();
  }

  @Override
  public void close() {
    // Memory belongs to the device.
  }
}
