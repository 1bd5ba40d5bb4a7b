package dev.lentil.bench;

import dev.lentil.backend.Backend;
import dev.lentil.backend.Backends;
import dev.lentil.mobilenetv2.ImageClassifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What {@link RuntimeImageTest} runs in an image: a program on the class path that needs the two modules of the library alone. */
final class RuntimeImageProgram {
  private RuntimeImageProgram() {}

  public static void main(String[] args) {
    System.out.println(ImageClassifier.class.getModule().getName());
    System.out.println(Backends.all().stream().map(Backend::name).sorted().collect(Collectors.joining(" ")));
    System.out.println(Arrays.toString(answer(Path.of(args[0]))));
  }

  /** The probabilities of a drawn image. */
  static float[] answer(Path weights) {
    try (var classifier = ImageClassifier.open(weights)) {
      int[] pixels = new int[classifier.height() * classifier.width()];
      Arrays.setAll(pixels, i -> 0xff000000 | i * 7919 & 0xffffff);
      return classifier.probabilities(pixels);
    }
  }
}
