package dev.lentil.backend.cpu;

/** A step made ready to run. */
abstract class Op {
  /** Renews whatever was derived from parameters that have changed. Called once at the start of a run. */
  void refresh() {}

  abstract void run(Frame frame, Workers workers);

  /** A step whose output falls into units (rows, elements) that can be calculated one without another. */
  abstract static class Range extends Op {
    /** Units per sample. */
    abstract int units();

    /** Units that a task takes at least: enough work to be worth handing over. */
    abstract int grain();

    /** Calculates the units {@code from..to-1}, counted over all samples of the frame. */
    abstract void range(Frame frame, int from, int to);

    @Override
    void run(Frame frame, Workers workers) {
      // in long, as what an array can just hold leaves no room in int for a task more
      long total = (long) frame.samples() * units();
      // Several tasks per worker even out unequal speed; the grain keeps a matrix product's tiles whole.
      long perTask = roundUp(total / (workers.count() * 8) + 1, grain());
      workers.run((int) Math.ceilDiv(total, perTask),
          (task, _) -> range(frame, (int) (task * perTask), (int) Math.min(total, (task + 1) * perTask)));
    }

    private static long roundUp(long value, int multiple) {
      return Math.ceilDiv(value, multiple) * multiple;
    }
  }
}
