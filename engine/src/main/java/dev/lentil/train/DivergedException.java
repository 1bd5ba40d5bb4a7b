package dev.lentil.train;

/** The loss or the parameters of a run have become NaN or infinite. The files that it wrote before are valid. */
public final class DivergedException extends TrainingException {
  private static final long serialVersionUID = 1;

  private final int stage;

  DivergedException(String message, int stage) {
    super(message);
    this.stage = stage;
  }

  /** Where it happened, counted from 1. */
  public int stage() {
    return stage;
  }
}
