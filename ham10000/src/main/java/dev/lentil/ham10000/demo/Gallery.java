package dev.lentil.ham10000.demo;

import dev.lentil.mobilenetv2.image.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Sample pictures of what the demonstration draws, for {@link ContactSheet}. */
public final class Gallery {
  private Gallery() {}

  /** A row of different lesions for each diagnosis: nv, bkl, df, vasc, mel, bcc, akiec. */
  public static List<List<RgbImage>> diagnoses(long seed, int columns, int size) {
    return Arrays.stream(Recipe.values()).map(recipe -> LongStream.range(0, columns).mapToObj(i -> {
      long lesion = recipe.ordinal() * 10_000L + i;
      return LesionPainter.paint(Lesion.draw(recipe, seed, lesion), View.draw(seed, lesion, 0), size);
    }).toList()).toList();
  }

  /** A row of different pictures for each class of the pretext task. */
  public static List<List<RgbImage>> pretext(long seed, int columns, int size) {
    return IntStream.range(0, PretextPainter.CLASSES).mapToObj(label -> IntStream.range(0, columns)
        .mapToObj(i -> PretextPainter.paint(seed, (long) PretextPainter.CLASSES * i + label, size)).toList()).toList();
  }
}
