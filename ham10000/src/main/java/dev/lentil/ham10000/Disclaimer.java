package dev.lentil.ham10000;

/** The sentence that every output a person may read carries. */
public final class Disclaimer {
  public static final String TEXT = "Research and teaching only. Not a medical device.";

  private Disclaimer() {}
}
