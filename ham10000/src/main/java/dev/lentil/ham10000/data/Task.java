package dev.lentil.ham10000.data;

import dev.lentil.ham10000.UserError;
import java.util.Arrays;
import java.util.List;

/** What is to be told apart, and so which class index a diagnosis has. */
public enum Task {
  /** Benign (0) against malignant (1): the paper's task. */
  BINARY("binary", List.of("benign", "malignant")),
  /** The seven diagnoses, indexed in alphabetical order of their codes. */
  SEVEN_CLASS("seven-class", Arrays.stream(Diagnosis.values()).map(Diagnosis::code).toList());

  private final String text;
  private final List<String> labels;

  Task(String text, List<String> labels) {
    this.text = text;
    this.labels = labels;
  }

  /** The task with this name, {@code binary} or {@code seven-class}. */
  public static Task of(String name) {
    return Arrays.stream(values()).filter(t -> t.text.equals(name)).findFirst()
        .orElseThrow(() -> new UserError("task '" + name + "' is unknown; use binary or seven-class"));
  }

  /** Class names by index. */
  public List<String> labels() {
    return labels;
  }

  /** The class index of a diagnosis. */
  public int label(Diagnosis diagnosis) {
    return switch (this) {
      case BINARY -> diagnosis.malignant() ? 1 : 0;
      case SEVEN_CLASS -> diagnosis.ordinal();
    };
  }

  /** The content of {@code labels.txt}: one line per class, index and name, as {@code 0 benign}. */
  public String labelsText() {
    var text = new StringBuilder();
    for (int i = 0; i < labels.size(); i++) {
      text.append(i).append(' ').append(labels.get(i)).append('\n');
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return text;
  }
}
