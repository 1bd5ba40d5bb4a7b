package dev.lentil.random;

/**
 * What random numbers are drawn for: the operation in {@link Philox#at}. Each use has a stream of its own, so that adding a dropout layer
 * does not change the order of the samples. The codes are part of what makes a run repeatable: never renumber them.
 */
public enum RandomUse {
  /** First values of parameters; the instance is the parameter's number. */
  INITIALISATION(1),
  /** The order of the samples in an epoch. */
  SHUFFLE(2),
  /** The transformation of one training image; the index is the sample. */
  AUGMENTATION(3),
  /** Dropout masks; the instance is the layer's number, the index the element. */
  DROPOUT(4),
  /** Resampling for confidence intervals. */
  BOOTSTRAP(5),
  /** Images, lesions and other data made by a program. */
  SYNTHETIC_DATA(6),
  /** Inputs and parameters made up by tests and checks. */
  TEST(7);

  private final int code;

  RandomUse(int code) {
    this.code = code;
  }

  /** The operation number of the only, or the first, instance of this use. */
  public int operation() {
    return operation(0);
  }

  /**
   * The operation number of one of several instances, such as the dropout layer with that number.
   *
   * @param instance 0 to 65535
   */
  public int operation(int instance) {
    if (instance < 0 || instance > 0xFFFF) {
      throw new IllegalArgumentException("instance " + instance + " is not in 0..65535");
    }
    return instance << 8 | code;
  }
}
