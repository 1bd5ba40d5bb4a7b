package dev.lentil.backend;

/**
 * How a backend may store activations and multiply. Parameters, statistics and the optimiser's memory are never narrower
 * than float32.
 */
public enum Precision {
  /** Everything in float32. */
  FLOAT32("float32"),
  /** Stored as float32; the factors of matrix products rounded to TF32 (8 bits of exponent, 10 of mantissa). */
  TF32("tf32"),
  /** Activations and their gradients stored as bfloat16; sums in float32. */
  BFLOAT16("bfloat16");

  private final String text;

  Precision(String text) {
    this.text = text;
  }

  /** As it is written in options and reports. */
  public String text() {
    return text;
  }

  /**
   * @throws IllegalArgumentException if there is no such precision, listing those that there are
   */
  public static Precision of(String text) {
    for (Precision precision : values()) {
      if (precision.text.equals(text)) {
        return precision;
      }
    }
    throw new IllegalArgumentException("there is no precision '" + text + "'; there are float32, tf32, bfloat16");
  }
}
