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

  /** Whether the stage has begun: the end of a stage is the start of the next. */
  public boolean inStage() {
    return epoch > 1 || batch > 0;
  }
}
