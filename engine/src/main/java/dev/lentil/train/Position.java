package dev.lentil.train;

/**
 * Where a run stands.
 *
 * @param stage counted from 1; one more than the number of stages when all are done
 * @param epoch within the stage, counted from 1
 * @param batch batches of the epoch that are done
 */
public record Position(int stage, int epoch, int batch) {
  public static final Position START = new Position(1, 1, 0);

  /** How many stages have begun: at the end of one the next has not. */
  int stagesBegun() {
    return epoch > 1 || batch > 0 ? stage : stage - 1;
  }
}
