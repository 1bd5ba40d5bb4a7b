package dev.lentil.backend.cpu;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Executable;
import dev.lentil.backend.KnownGradients;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.plan.Phase;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Slot;
import dev.lentil.plan.Step;
import dev.lentil.plan.Value;
import dev.lentil.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * A plan as a list of {@link Op}s. In a per-sample phase each worker takes whole samples through all steps, in memory for
 * one sample that stays in its cache; with fewer samples than workers the steps themselves are shared out instead. In an
 * independent phase the same, or all samples go through each step together, where that spares enough reading of parameters.
 */
final class CpuExecutable implements Executable {
  /** From so many samples per worker on, reading parameters once for all of them outweighs that workers wait for each other. */
  private static final int MANY_SAMPLES = 3;

  private final Plan plan;
  private final CpuParameters parameters;
  private final Workers workers;
  private final Memory memory;
  private final Memory callersScratch;
  private final List<PhaseOps> phases = new ArrayList<>();
  private final Optional<LossOp> loss;
  private final boolean inputMayBeShared;
  private final Places places;
  private final List<String> gradients;
  private boolean closed;

  /** Operations that are run alike, and the version of the parameters that they were last made for. */
  private static final class PhaseOps {
    private final boolean perSample;
    private final List<Op> ops;
    private final int first;
    private long version = -1;

    /** @param first the number of its first step in the plan */
    private PhaseOps(boolean perSample, List<Op> ops, int first) {
      this.perSample = perSample;
      this.ops = ops;
      this.first = first;
    }

    /** Only after a change: asking every operation takes a hundredth of the time of a single image. */
    private void refresh(CpuParameters parameters) {
      long now = parameters.version();
      if (version != now) {
        ops.forEach(Op::refresh);
        version = now;
      }
    }
  }

  /**
   * @param memory of values
   * @param callersScratch for {@link Scratch} of the thread that calls {@link #run}
   */
  CpuExecutable(Plan plan, CpuParameters parameters, Kernels kernels, Workers workers, Memory memory,
      Memory callersScratch) {
    parameters.requireFits(plan);
    this.plan = plan;
    this.parameters = parameters;
    this.workers = workers;
    this.memory = memory;
    this.callersScratch = callersScratch;
    gradients = KnownGradients.of(plan);
    // With fewer samples than workers each step is shared out in any case.
    boolean independentTogether = plan.batch() < workers.count() || plan.batch() >= MANY_SAMPLES * workers.count();
    places = new Places(plan, independentTogether);
    OpFactory factory = new OpFactory(plan, parameters, kernels);
    int first = 0;
    for (Phase phase : plan.phases()) {
      boolean perSample = phase.kind() == Phase.Kind.PER_SAMPLE
          || phase.kind() == Phase.Kind.INDEPENDENT && !independentTogether;
      List<Op> ops = phase.steps().stream().map(factory::op).toList();
      if (!phases.isEmpty() && phases.getLast().perSample == perSample) {
        phases.getLast().ops.addAll(ops);
      } else {
        phases.add(new PhaseOps(perSample, new ArrayList<>(ops), first));
      }
      first += ops.size();
    }
    loss = phases.stream().flatMap(phase -> phase.ops.stream())
        .filter(op -> op instanceof LossOp).map(op -> (LossOp) op).findFirst();
    inputMayBeShared = !plan.taps().containsValue(plan.input())
        && plan.steps().stream().filter(step -> step.reads().contains(plan.input()))
            .allMatch(CpuExecutable::copiesPatches);
  }

  /** Whether a step copies patches of what it reads: then it reads nothing behind the end, where the caller's array has no room. */
  private static boolean copiesPatches(Step step) {
    return switch (step) {
      case Step.Convolve s -> !s.window().isPointwise();
      case Step.ConvolveBackward s -> copiesPatches(s.forward());
      case Step.TrainConvolve s -> copiesPatches(s.convolution());
      case Step.TrainConvolveBackward s -> copiesPatches(s.forward());
      case Step.FusedConvolve s -> !s.window().isPointwise() && s.residual().isEmpty();
      case Step.FusedInvertedResidual s ->
          s.project().residual().isEmpty() && s.expand().filter(CpuExecutable::copiesPatches).isPresent();
      default -> false;
    };
  }

  @Override
  public Plan plan() {
    return plan;
  }

  @Override
  public void run(Batch batch, RunState state) {
    run(batch, state, StepClock.OFF);
  }

  @Override
  public Optional<double[]> runTimed(Batch batch, RunState state) {
    StepClock clock = new StepClock(plan.steps().size(), workers.count());
    run(batch, state, clock);
    return Optional.of(clock.microseconds());
  }

  private void run(Batch batch, RunState state, StepClock clock) {
    if (closed) {
      throw Executable.closed();
    }
    batch.requireFits(plan);
    state.requireFits(plan);
    long begun = clock.now();
    float[][] slots = new float[plan.slots().size()][];
    int inputSlot = plan.value(plan.input()).slot();
    for (Slot slot : plan.slots()) {
      if (places.isShared(slot) && !(inputMayBeShared && slot.id() == inputSlot)) {
        slots[slot.id()] = memory.array(slot.id(), slot.size());
      }
    }
    float[] images = batch.images().floats();
    if (inputMayBeShared) {
      slots[inputSlot] = images;
    } else {
      System.arraycopy(images, 0, slots[inputSlot], places.first(plan.input()), images.length);
    }
    clock.prepared(begun);
    Scratch.in(callersScratch, () -> phases.forEach(phase -> run(phase, slots, batch, state, clock)));
    parameters.calculated(gradients);
  }

  private void run(PhaseOps phase, float[][] slots, Batch batch, RunState state, StepClock clock) {
    long start = clock.now();
    phase.refresh(parameters);
    clock.prepared(start);
    if (phase.perSample) {
      runPerSample(phase, slots, batch, state, clock);
    } else {
      together(phase, new Frame(plan, places, slots, 0, plan.batch(), batch, state, inputMayBeShared), clock);
    }
  }

  /** The threads share out each step. */
  private void together(PhaseOps phase, Frame frame, StepClock clock) {
    int step = phase.first;
    for (Op op : phase.ops) {
      long start = clock.now();
      op.run(frame, workers);
      clock.done(step++, 0, start);
    }
    clock.phaseDone(phase.first, step, 1);
  }

  private void runPerSample(PhaseOps phase, float[][] slots, Batch batch, RunState state, StepClock clock) {
    int count = Math.min(workers.count(), plan.batch());
    float[][][] local = new float[count][][];
    for (int worker = 0; worker < count; worker++) {
      local[worker] = slots.clone();
      for (Slot slot : plan.slots()) {
        if (!places.isShared(slot)) {
          local[worker][slot.id()] =
              memory.array((worker + 1) * plan.slots().size() + slot.id(), places.elements(slot));
        }
      }
    }
    if (plan.batch() < workers.count()) {
      for (int sample = 0; sample < plan.batch(); sample++) {
        together(phase, new Frame(plan, places, local[0], sample, 1, batch, state, inputMayBeShared), clock);
      }
    } else {
      workers.run(plan.batch(), (sample, worker) -> {
        Frame frame = new Frame(plan, places, local[worker], sample, 1, batch, state, inputMayBeShared);
        int number = phase.first;
        for (Op op : phase.ops) {
          Op.Range step = (Op.Range) op;
          long start = clock.now();
          step.range(frame, 0, step.units());
          clock.done(number++, worker, start);
        }
      });
      clock.phaseDone(phase.first, phase.first + phase.ops.size(), count);
    }
  }

  @Override
  public Supplier<Tensor> readLater(String layer) {
    Value value = plan.tap(layer);
    float[] copy = new float[Math.toIntExact(value.size(plan.batch()))];
    System.arraycopy(memory.array(value.slot(), copy.length), places.first(value.id()), copy, 0, copy.length);
    Tensor read = Tensor.of(value.shape().batched(plan.batch()), copy);
    return () -> read;
  }

  @Override
  public DoubleSupplier lossLater() {
    double last = loss.orElseThrow(() -> new IllegalStateException("an inference plan has no loss")).value();
    return () -> last;
  }

  @Override
  public void close() {
    // Memory belongs to the device.
    closed = true;
  }
}
