package dev.lentil.train;

/** The number by which early stopping and best weights judge an epoch, and whether larger or smaller is better. */
public enum Monitor {
  VAL_AUC(1), VAL_ACCURACY(1), VAL_LOSS(-1);

  private final int direction;

  Monitor(int direction) {
    this.direction = direction;
  }

  public double of(EpochRecord epoch) {
    return switch (this) {
      case VAL_AUC -> epoch.validation().auc();
      case VAL_ACCURACY -> epoch.validation().accuracy();
      case VAL_LOSS -> epoch.validation().loss();
    };
  }

  /** Strictly: the same value is no improvement, and neither is NaN; anything but NaN is better than NaN. */
  public boolean improves(double value, double best) {
    return Double.isNaN(best) ? !Double.isNaN(value) : direction * value > direction * best;
  }
}
