package dev.lentil.ham10000.image;

import dev.lentil.ham10000.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The views of an image that a network judges; their mean is the judgement. A lesion has no upright position. */
public enum Views {
  /** As it is. */
  ONE("1", List.of(Transform.IDENTITY)),
  /** As it is, mirrored left to right, top to bottom, and both. */
  FLIPS("flips", List.of(Transform.IDENTITY, view(true, false, 0), view(false, true, 0), view(true, true, 0))),
  /** The eight that flips and quarter turns make of a square. */
  DIHEDRAL("dihedral", IntStream.range(0, 4).boxed()
      .flatMap(turns -> Stream.of(view(false, false, turns), view(true, false, turns))).toList());

  private final String text;
  private final List<Transform> transforms;

  Views(String text, List<Transform> transforms) {
    this.text = text;
    this.transforms = transforms;
  }

  private static Transform view(boolean horizontal, boolean vertical, int turns) {
    return new Transform(0, 0, 0, 1, 1, horizontal, vertical, turns, Colours.SAME);
  }

  /**
   * The views of a name.
   *
   * @throws UserError if there are none
   */
  public static Views of(String name) {
    return Arrays.stream(values()).filter(views -> views.text.equals(name)).findFirst()
        .orElseThrow(() -> new UserError("views '" + name + "' are unknown; use 1, flips or dihedral"));
  }

  /** What makes each view, the image as it is first. */
  public List<Transform> transforms() {
    return transforms;
  }

  /** Whether images must be square. */
  public boolean needsSquare() {
    return transforms.stream().anyMatch(transform -> transform.quarterTurns() != 0);
  }

  /** As in a configuration: 1, flips, dihedral. */
  @Override
  public String toString() {
    return text;
  }
}
