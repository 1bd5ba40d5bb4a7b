package dev.lentil.ham10000.evaluate;

import dev.lentil.metrics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The test images of some patients.
 *
 * @param by what the groups differ in
 * @param name of the group
 * @param auc absent where there are fewer than {@link #LEAST} benign or malignant images: an AUC of so few says nothing
 * @param sensitivity at the primary threshold; absent without malignant images
 * @param specificity at the primary threshold; absent without benign images
 */
public record Subgroup(
    Division by,
    String name,
    int images,
    int lesions,
    int benign,
    int malignant,
    Optional<Interval> auc,
    Optional<Interval> sensitivity,
    Optional<Interval> specificity) {
  /** Fewer images of a class than this make a group too small for an AUC. */
  public static final int LEAST = 10;

  /** What patients are told apart by. */
  public enum Division {
    SEX("sex"), AGE("age"), LOCALIZATION("localization");

    private final String text;

    Division(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Whether there are too few images of a class for an AUC. */
  public boolean small() {
    return Math.min(benign, malignant) < LEAST;
  }

  /** All groups, ascending by name within a division. */
  static List<Subgroup> of(Predictions test, double threshold, LesionBootstrap bootstrap) {
    var groups = new ArrayList<Subgroup>();
    for (var by : Division.values()) {
      Function<Prediction, String> name = row -> group(by, row.patient());
      var names = new TreeSet<String>();
      test.rows().forEach(row -> names.add(name.apply(row)));
      names.forEach(group -> groups.add(
          of(by, group, test.where(row -> name.apply(row).equals(group)), threshold, bootstrap)));
    }
    return groups;
  }

  private static String group(Division by, Patient patient) {
    return switch (by) {
      case SEX -> patient.sex();
      case LOCALIZATION -> patient.localization();
      case AGE -> patient.age().isEmpty() ? "unknown" : ageBand(patient.age().getAsDouble());
    };
  }

  /** HAM10000 rounds ages to five years. */
  private static String ageBand(double age) {
    if (age < 30) {
      return "0 to 29";
    }
    int decade = (int) (age / 10) * 10;
    return age >= 80 ? "80 and above" : decade + " to " + (decade + 9);
  }

  private static Subgroup of(
      Division by, String name, Predictions group, double threshold, LesionBootstrap bootstrap) {
    var malignant = group.where(row -> row.label() == 1);
    var benign = group.where(row -> row.label() == 0);
    boolean small = Math.min(benign.size(), malignant.size()) < LEAST;
    return new Subgroup(by, name, group.size(), group.lesions(), benign.size(), malignant.size(),
        small ? Optional.empty() : Optional.of(bootstrap.auc(group)),
        right(malignant, threshold, bootstrap.level()), right(benign, threshold, bootstrap.level()));
  }

  private static Optional<Interval> right(Predictions predictions, double threshold, double level) {
    return predictions.size() == 0 ? Optional.empty() : Optional.of(TestSummary.right(predictions, threshold, level));
  }
}
