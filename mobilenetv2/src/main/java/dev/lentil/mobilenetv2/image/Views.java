package dev.lentil.mobilenetv2.image;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The views of an image that a network judges; the mean of the probabilities is the judgement (test-time augmentation). A lesion has
 * no upright position.
 */
public enum Views {
  /** As it is. */
  ONE("1", List.of(View.UPRIGHT)),
  /** As it is, mirrored left to right, top to bottom, and both. */
  FLIPS("flips",
      List.of(View.UPRIGHT, new View(0, true, false), new View(0, false, true), new View(0, true, true))),
  /** The eight that flips and quarter turns make of a square. */
  DIHEDRAL("dihedral", IntStream.range(0, 4).boxed()
      .flatMap(turns -> Stream.of(new View(turns, false, false), new View(turns, true, false))).toList());

  private final String text;
  private final List<View> all;

  Views(String text, List<View> all) {
    this.text = text;
    this.all = all;
  }

  /** The views of this name, if it is one. */
  public static Optional<Views> named(String name) {
    return Arrays.stream(values()).filter(views -> views.text.equals(name)).findFirst();
  }

  /** Each of them, the image as it is first. */
  public List<View> all() {
    return all;
  }

  /** Whether images must be square. */
  public boolean needsSquare() {
    return all.stream().anyMatch(view -> view.quarterTurns() != 0);
  }

  /** As in a configuration and a weight file: 1, flips, dihedral. */
  @Override
  public String toString() {
    return text;
  }
}
