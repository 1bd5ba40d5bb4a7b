package dev.lentil.backend.cuda;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Batch;
import dev.lentil.backend.BatchImages;
import dev.lentil.backend.Executable;
import dev.lentil.backend.KnownGradients;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.Graph;
import dev.lentil.backend.cuda.driver.RecordingLock;
import dev.lentil.backend.cuda.driver.TimeMarks;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Step;
import dev.lentil.plan.Value;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A plan as a list of {@link Op}s. The first run gives them to the card one by one, which also loads whatever the libraries
 * load at first use; the second records them as a graph; from then on a run is a copy of the batch and one launch.
 */
final class CudaExecutable implements Executable {
  private static final long UNBOUND = -1;

  private final Plan plan;
  private final CudaParameters parameters;
  private final CudaDevice device;
  private final Layout layout;
  private final ExecutableMemory derived;
  private final long loss;
  private final List<String> changes;
  private final List<String> gradients;
  private List<Op> ops = List.of();
  /** How many of the operations come before the first step, then up to the end of each step. */
  private List<Integer> ends = List.of();
  private Optional<Graph> graph = Optional.empty();
  /** That of the memory whose addresses the operations have. */
  private long generation = UNBOUND;
  /** Whether the operations have run as they are now. */
  private boolean hasRun;
  /** The generation of the memory that holds what the last run left; none before the first. */
  private OptionalLong left = OptionalLong.empty();
  private boolean closed;
  /** Whether the driver and the libraries have not yet refused to record the operations. */
  private boolean recordable = true;
  /** Whether the batches that the operations are made for name images that the card holds. */
  private boolean stored;

  CudaExecutable(Plan plan, CudaParameters parameters, CudaDevice device) {
    parameters.requireFits(plan);
    this.plan = plan;
    this.parameters = parameters;
    this.device = device;
    gradients = KnownGradients.of(plan);
    layout = new Layout(plan, device.storage());
    derived = new ExecutableMemory(device.driver(), parameters);
    changes = plan.steps().stream().map(CudaExecutable::changes).flatMap(List::stream).toList();
    try {
      loss = derived.allocate(Double.BYTES);
      bind();
    } catch (RuntimeException | Error e) {
      Closing.after(e, derived);
      throw e;
    }
  }

  /** The parameters that a step changes in place. */
  private static List<String> changes(Step step) {
    return switch (step) {
      case Step.NormalizeBatch s -> movingStatistics(s);
      case Step.TrainConvolve s -> s.after().map(CudaExecutable::movingStatistics).orElse(List.of());
      case Step.Update s -> s.parameters();
      default -> List.of();
    };
  }

  private static List<String> movingStatistics(Step.NormalizeBatch step) {
    return List.of(step.layer().name() + "/moving_mean", step.layer().name() + "/moving_variance");
  }

  @Override
  public Plan plan() {
    return plan;
  }

  /** Fixes all addresses; again whenever the shared memory has moved. Where it fails, the next run does it anew. */
  private void bind() {
    generation = UNBOUND;
    do {
      ops = ops(device.memory().values(layout.bytes()));
    } while (device.memory().settle());
    generation = device.memory().generation();
    graph.ifPresent(Graph::close);
    graph = Optional.empty();
    hasRun = false;
  }

  private List<Op> ops(long base) {
    var list = new ArrayList<Op>();
    var counts = new ArrayList<Integer>();
    Scratch scratch = new Scratch(device.memory());
    Bindings at = new Bindings(plan, parameters, device, layout, base, scratch);
    NormalizationOps normalization = new NormalizationOps(at, new Folds(parameters, device, derived));
    DepthwiseOps depthwise = new DepthwiseOps(at, normalization);
    ForwardOps forward = new ForwardOps(at, normalization, depthwise, loss);
    BackwardOps backward = new BackwardOps(at, normalization, depthwise, forward);
    UpdateOps update = new UpdateOps(at);
    CudnnOps cudnn = new CudnnOps(at, normalization.folds());
    int count = at.count(plan.input());
    if (stored) {
      Shape image = plan.value(plan.input()).shape();
      list.add(at.each("image_map.cu", "image_map", count / 3, at.inbox(layout.inbox().records()),
          at.inbox(layout.inbox().normalization()), at.address(plan.input()), count / 3, image.extent(0),
          image.extent(1)));
    } else if (!layout.inputLiesInInbox()) {
      list.add(at.each("cast.cu", "cast", count, at.inbox(layout.inbox().images()), at.address(plan.input()), count));
    }
    for (Step step : plan.steps()) {
      counts.add(list.size());
      scratch.clear();
      Optional<List<Op>> others = cudnn.of(step);
      if (others.isPresent()) {
        list.addAll(others.get());
        continue;
      }
      switch (step) {
        case Step.Forward s -> forward.add(list, s);
        case Step.ComputeLoss s -> forward.add(list, s);
        case Step.Backward s -> backward.add(list, s);
        case Step.AddUpBackward s -> backward.add(list, s);
        case Step.FinishNormalizationBackward s -> normalization.backward(list, s);
        case Step.Update s -> update.add(list, s);
      }
    }
    counts.add(list.size());
    ends = counts;
    return list;
  }

  @Override
  public void run(Batch batch, RunState state) {
    send(batch, state);
    if (hasRun && recordable && graph.isEmpty()) {
      graph = recorded(this::enqueueAll);
      recordable = graph.isPresent();
    }
    graph.ifPresentOrElse(recorded -> recorded.launch(device.stream()), () -> oneByOne(this::enqueueAll));
    given();
  }

  /** Notes that the card was given a whole run. */
  private void given() {
    hasRun = true;
    left = OptionalLong.of(generation);
    changes.forEach(parameters::changed);
    parameters.calculated(gradients);
  }

  /** Nothing if it cannot be recorded: what runs one by one takes longer and gives the same. A card that is lost says so then. */
  private Optional<Graph> recorded(Runnable work) {
    try {
      return Optional.of(device.stream().capture(work));
    } catch (BackendException e) {
      System.getLogger("dev.lentil").log(Level.WARNING,
          "cuda: runs of this plan are not recorded as a graph and take longer, most "
              + "so with small batches: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** As a graph of its own with marks between the steps, or as the first run step by step. */
  @Override
  public Optional<double[]> runTimed(Batch batch, RunState state) {
    send(batch, state);
    try (TimeMarks marks = device.driver().timeMarks(ends.size() + 1)) {
      Optional<Graph> timed = hasRun && recordable ? recorded(() -> enqueueAll(marks)) : Optional.empty();
      try {
        timed.ifPresentOrElse(marked -> marked.launch(device.stream()), () -> oneByOne(() -> enqueueAll(marks)));
        device.stream().synchronize();
      } finally {
        timed.ifPresent(Graph::close);
      }
      given();
      return Optional.of(IntStream.range(0, ends.size()).mapToDouble(i -> marks.microseconds(i, i + 1)).toArray());
    }
  }

  /** What a run needs on the card: addresses, the batch, and what is derived from parameters. */
  private void send(Batch batch, RunState state) {
    if (closed) {
      throw Executable.closed();
    }
    parameters.requireOpen();
    batch.requireFits(plan);
    state.requireFits(plan);
    requireOnThisCard(batch.input());
    device.driver().makeCurrent();
    boolean names = batch.input() instanceof BatchImages.Stored;
    if (generation != device.memory().generation() || names != stored) {
      stored = names;
      bind();
    }
    device.staging().send(device.memory().values(), 0, layout.inbox().bytes(batch.input()),
        buffer -> layout.inbox().write(buffer, batch, state));
    parameters.refresh();
    derived.refresh(device.stream());
  }

  private void requireOnThisCard(BatchImages input) {
    if (input instanceof BatchImages.Stored images
        && !(images.store() instanceof CudaImages here && here.device() == device)) {
      throw new IllegalArgumentException("the batch's images are not on this card");
    }
  }

  /** The first run alone, since the libraries load what they need as they are first used: {@link RecordingLock}. */
  private void oneByOne(Runnable work) {
    if (hasRun) {
      work.run();
      return;
    }
    try (var _ = device.driver().lock().hold()) {
      work.run();
    }
  }

  private void enqueueAll() {
    ops.forEach(op -> op.enqueue(device.stream()));
  }

  private void enqueueAll(TimeMarks marks) {
    int done = 0;
    for (int i = 0; i < ends.size(); i++) {
      marks.record(i, device.stream());
      ops.subList(done, ends.get(i)).forEach(op -> op.enqueue(device.stream()));
      done = ends.get(i);
    }
    marks.record(ends.size(), device.stream());
  }

  @Override
  public Supplier<Tensor> readLater(String layer) {
    Value value = plan.tap(layer);
    requireStillThere(layer);
    Shape shape = value.shape().batched(plan.batch());
    Storage storage = device.storage();
    device.driver().makeCurrent();
    long bytes = (long) shape.size() * storage.bytes();
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("'" + layer + "' is " + bytes + " bytes for a batch of " + plan.batch()
          + ", more than can be read from a card at once; run a smaller batch");
    }
    return device.replies().fetch(device.memory().values(), layout.offset(value.id()), (int) bytes,
        stored -> Tensor.of(shape, storage.floats(stored)));
  }

  /** Where the shared memory has grown since the last run, what that left was given back. The loss has memory of its own. */
  private void requireStillThere(String layer) {
    if (left.isEmpty()) {
      throw new IllegalStateException("the plan has not run yet, so there is no '" + layer + "' to read");
    }
    if (left.getAsLong() != device.memory().generation()) {
      throw new IllegalStateException(
          "'" + layer + "' of the last run is gone: a plan that was compiled since needs more of the "
              + "memory that plans share. Read before another plan is compiled, or run again");
    }
  }

  @Override
  public DoubleSupplier lossLater() {
    if (plan.spec().isEmpty()) {
      throw new IllegalStateException("an inference plan has no loss");
    }
    if (closed) {
      throw Executable.closed();
    }
    device.driver().makeCurrent();
    return derived.fetchDouble(device.replies(), loss)::get;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      device.driver().makeCurrent();
      try (var owned = new Closing()) {
        owned.add(derived);
        graph.ifPresent(owned::add);
        graph = Optional.empty();
      }
    }
  }
}
