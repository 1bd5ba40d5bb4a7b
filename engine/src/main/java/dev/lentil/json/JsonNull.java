package dev.lentil.json;

/** The JSON literal {@code null}, as a value of its own, so that no Java {@code null} travels. */
public enum JsonNull {
  NULL;

  @Override
  public String toString() {
    return "null";
  }
}
