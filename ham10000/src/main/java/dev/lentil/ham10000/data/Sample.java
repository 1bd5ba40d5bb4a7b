package dev.lentil.ham10000.data;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * One image to train or evaluate with.
 *
 * @param index in the {@link Pixels}
 * @param label class index
 * @param weight in the loss
 */
public record Sample(int index, int label, float weight) {
  /** The images of a subset in the order of the metadata, all of weight 1. */
  public static List<Sample> of(Split split, Split.Subset subset, ToIntFunction<String> indexOf) {
    return split.of(subset).stream().map(member -> new Sample(indexOf.applyAsInt(member.imageId()), member.label(), 1))
        .toList();
  }

  /** The same with the weight of the class, [classes]; see {@link Split#classWeights}. */
  public static List<Sample> weighted(Split split, Split.Subset subset, ToIntFunction<String> indexOf,
      double[] classWeights) {
    return of(split, subset, indexOf).stream()
        .map(sample -> new Sample(sample.index, sample.label, (float) classWeights[sample.label])).toList();
  }
}
