package dev.lentil.ham10000.demo;

import dev.lentil.ham10000.data.Metadata;
import dev.lentil.mobilenetv2.image.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * A data set in HAM10000's shape: one to four pictures of each lesion, seven unevenly common diagnoses, and the columns
 * of its metadata. All of it, pictures included, follows from the seed; nothing is read from anywhere. The pictures are
 * drawn and show nobody's skin.
 */
public final class DemoDataset {
  /** Enough for 300 test lesions, a fifth of them malignant; about 2,680 pictures. */
  public static final int LESIONS = 2000;

  private static final List<String> SITES =
      List.of("back", "lower extremity", "trunk", "upper extremity", "abdomen", "face", "chest", "foot",
          "neck", "scalp");

  private record Source(DiagnosisStyle style, int lesion, int view) {}

  private final long seed;
  private final Metadata metadata;
  private final Map<String, Source> sources;

  private DemoDataset(long seed, Metadata metadata, Map<String, Source> sources) {
    this.seed = seed;
    this.metadata = metadata;
    this.sources = sources;
  }

  /** Draws the metadata of so many lesions; pictures are drawn when asked for. */
  public static DemoDataset of(long seed, int lesions) {
    if (lesions < 1) {
      throw new IllegalArgumentException("A data set needs at least one lesion, not " + lesions);
    }
    var rows = new ArrayList<Metadata.Row>();
    var sources = new HashMap<String, Source>();
    for (int lesion = 0; lesion < lesions; lesion++) {
      var draws = new Draws(seed, Draws.Stream.METADATA, lesion);
      var style = style(draws.nextDouble());
      int views = views(draws.nextDouble());
      // Age, sex and site are drawn alike for all: the demonstration is about what is in the picture.
      double age = 5 * Math.rint(draws.normal(52, 14) / 5);
      String sex = draws.chance(0.54) ? "male" : "female";
      String site = SITES.get((int) (SITES.size() * Math.pow(draws.nextDouble(), 1.6)));
      String confirmation =
          style.diagnosis().malignant() || draws.chance(0.4) ? "histo" : draws.chance(0.7) ? "follow_up" : "consensus";
      for (int view = 0; view < views; view++) {
        String imageId = String.format(Locale.ROOT, "DEMO_%07d", rows.size());
        rows.add(new Metadata.Row(String.format(Locale.ROOT, "DEMO_L%07d", lesion), imageId, style.diagnosis(),
            confirmation,
            OptionalDouble.of(age), sex, site));
        sources.put(imageId, new Source(style, lesion, view));
      }
    }
    return new DemoDataset(seed, new Metadata(Path.of(Metadata.FILE_NAME), rows), sources);
  }

  /** One row per picture, those of one lesion side by side. */
  public Metadata metadata() {
    return metadata;
  }

  /**
   * The picture of a row of the metadata.
   *
   * @param size side in pixels
   */
  public RgbImage paint(Metadata.Row row, int size) {
    var source = sources.get(row.imageId());
    if (source == null) {
      throw new IllegalArgumentException("no picture '" + row.imageId() + "' in this data set");
    }
    return LesionPainter.paint(Lesion.draw(source.style, seed, source.lesion),
        View.draw(seed, source.lesion, source.view), size);
  }

  /** All pictures in the order of the metadata, painted on all cores. */
  public List<RgbImage> paintAll(int size) {
    var rows = metadata.rows();
    return IntStream.range(0, rows.size()).parallel().mapToObj(i -> paint(rows.get(i), size)).toList();
  }

  /** The metadata in the form of HAM10000's file: header and one line per picture. */
  public String csv() {
    var csv = new StringBuilder("lesion_id,image_id,dx,dx_type,age,sex,localization\n");
    for (var row : metadata.rows()) {
      csv.append(String.join(",", row.lesionId(), row.imageId(), row.diagnosis().code(), row.confirmation(),
          Double.toString(row.age().orElseThrow()), row.sex(), row.localization())).append('\n');
    }
    return csv.toString();
  }

  private static DiagnosisStyle style(double draw) {
    double passed = 0;
    for (var style : DiagnosisStyle.values()) {
      passed += style.share();
      if (draw < passed) {
        return style;
      }
    }
    return DiagnosisStyle.NV;
  }

  // HAM10000 has 1.34 pictures per lesion.
  private static int views(double draw) {
    return draw < 0.75 ? 1 : draw < 0.93 ? 2 : draw < 0.98 ? 3 : 4;
  }
}
