package dev.lentil.bench.compare;

import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Summary;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One line of the table: some work, at a batch size, on a number of threads.
 *
 * @param work what is done with the batch
 * @param threads of each caller
 * @param callers who ask the same program at once, each with a batch
 */
public record Case(Work work, int batch, int threads, int callers) {
  /** With one caller. */
  public Case(Work work, int batch, int threads) {
    this(work, batch, threads, 1);
  }

  /** What is measured. */
  public enum Work {
    /** A forward pass. */
    INFER("onnxruntime"),
    /** A training step of all layers. */
    TRAIN("pytorch");

    private final String peer;

    Work(String peer) {
      this.peer = peer;
    }

    /** Whom it is measured beside if nobody says otherwise. */
    public String peer() {
      return peer;
    }
  }

  /** Every case, in the table's order. */
  public static List<Case> all() {
    return Stream.concat(Stream.of(1, 2).flatMap(threads -> Stream.concat(
        Stream.of(1, 8, 32).map(batch -> new Case(Work.INFER, batch, threads)),
        Stream.of(new Case(Work.TRAIN, 32, threads)))), Stream.of(new Case(Work.INFER, 1, 1, 2))).toList();
  }

  /**
   * @throws IllegalArgumentException if there is no such case
   */
  public static Case named(String name) {
    return all().stream().filter(known -> known.name().equals(name)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no case '" + name + "'; there are "
            + all().stream().map(Case::name).toList()));
  }

  /** {@code infer b8 t2}: batch 8, two threads; {@code infer b1 t1 c2}: two callers with one image and one thread each. */
  public String name() {
    return work.name().toLowerCase(Locale.ROOT) + " b" + batch + " t" + threads
        + (callers == 1 ? "" : " c" + callers);
  }

  /**
   * The floating-point operations of one batch of each caller, two for each multiply-add of convolutions and dense layers. Training
   * calculates, besides the forward pass, the gradients of kernels and of inputs, each as large; the first convolution's
   * input needs none.
   */
  public double operations(Network network) {
    Summary summary = Summary.of(network);
    long forward = summary.multiplyAdds();
    long first = summary.layers().stream().filter(row -> network.node(row.name()).layer() instanceof Layer.Conv2d)
        .findFirst().map(Summary.Row::multiplyAdds).orElse(0L);
    return 2.0 * batch * callers * switch (work) {
      case INFER -> forward;
      case TRAIN -> 3 * forward - first;
    };
  }
}
