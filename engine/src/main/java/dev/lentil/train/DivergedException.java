package dev.lentil.train;

/** A run whose loss or parameters are no numbers any more. What it wrote before is sound. */
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
