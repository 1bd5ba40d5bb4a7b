package dev.lentil.ham10000.explain;

import dev.lentil.explain.HeatMap;
import dev.lentil.explain.Patches;
import dev.lentil.ham10000.UserError;
import dev.lentil.mobilenetv2.Answer;
import dev.lentil.mobilenetv2.ImageExplainer;
import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.nn.Network;
import dev.lentil.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One way to show what a network sees in an image: its numbers, and a sheet of pictures.
 *
 * @param maps one, or for feature maps one for each channel
 */
public record Explanation(Method method, List<HeatMap> maps, RgbImage image) {
  /** The longer side of a picture of the whole image is at least this many pixels. */
  private static final int PICTURE = 384;
  private static final int TILE = 112;
  private static final int COLUMNS = 6;

  public Explanation {
    maps = List.copyOf(maps);
  }

  /** What is calculated. */
  public sealed interface Method {
    /** The name on the command line and in file names. */
    String name();

    /** Grad-CAM of a layer. */
    record OfGradients(String layer) implements Method {
      @Override
      public String name() {
        return "grad-cam-" + layer;
      }
    }

    /** Occlusion by patches of one colour: red, green and blue, 0 to 255; none is the image's mean colour. */
    record OfPatches(Patches patches, float... fill) implements Method {
      @Override
      public String name() {
        return "occlusion";
      }
    }

    /** The first channels of a layer. */
    record OfFeatures(String layer, int channels) implements Method {
      @Override
      public String name() {
        return "features-" + layer;
      }
    }
  }

  /** Applies a method to an image of the network's size. */
  public static Explanation of(ImageExplainer explainer, RgbImage image, Answer answer, Method method) {
    float[] rgb = image.values();
    List<HeatMap> maps = switch (method) {
      case Method.OfGradients(String layer) -> List.of(explainer.gradCam(rgb, answer, layer));
      case Method.OfPatches(Patches patches, float[] fill) ->
          List.of(explainer.occlusion(rgb, answer, patches, fill.length == 0 ? mean(image) : fill));
      case Method.OfFeatures(String layer, int channels) -> explainer.features(rgb, layer, channels);
    };
    return new Explanation(method, maps, image);
  }

  /**
   * @throws UserError if the network has no such layer, naming the nearest, or its output is no picture
   */
  public static void requireLayer(Network network, String layer) {
    if (!network.contains(layer)) {
      throw new UserError("--layer: " + network.noLayer(layer) + ". All of them: ./lentil summary");
    }
    Shape shape = network.shape(layer);
    if (shape.rank() != 3) {
      String last = network.nodes().reversed().stream().map(Network.Node::name)
          .filter(name -> network.shape(name).rank() == 3).findFirst().orElseThrow();
      throw new UserError(
          "--layer " + layer + ": its output is " + shape + " numbers without positions, which no picture "
              + "can show; the last layer with positions is " + last);
    }
  }

  /** The usual side of a patch: a fifth of the image's shorter side. */
  public static int patchSide(int height, int width) {
    return Math.max(1, Math.min(height, width) / 5);
  }

  /**
   * The sheet.
   *
   * @param answer what is asked for, such as "malignant"
   * @param remark what the network says of the image
   */
  public Sheet sheet(String answer, String remark) {
    return switch (method) {
      case Method.OfGradients(String layer) -> overlay("Grad-CAM of " + layer + ": evidence for \"" + answer
          + "\"", remark, "red is for it, blue is against it");
      case Method.OfPatches(Patches patches, float[] _) -> overlay("Occlusion: what \"" + answer + "\" depends on",
          remark, "fall of the log-odds when " + patches.side() + " x " + patches.side() + " pixels are covered");
      case Method.OfFeatures(String layer, int _) -> features(layer, remark);
    };
  }

  private Sheet overlay(String title, String remark, String unit) {
    HeatMap map = maps.getFirst();
    Scale scale = Scale.bothWays(map);
    int size = Math.max(1, Math.ceilDiv(PICTURE, Math.max(image.height(), image.width())));
    var tiles = List.of(new Sheet.Tile(Overlay.enlarged(image, size), "the image that the network gets"),
        new Sheet.Tile(Overlay.of(image, map, scale, size), "the same image in grey, with the map"));
    return new Sheet(title, remark, tiles, 2, scale, unit);
  }

  private Sheet features(String layer, String remark) {
    double low = Math.min(0, maps.stream().mapToDouble(HeatMap::smallest).min().orElseThrow());
    double high = maps.stream().mapToDouble(HeatMap::largest).max().orElseThrow();
    var scale = new Scale(ColourMap.SEQUENTIAL, low, high > low ? high : low + 1);
    var first = maps.getFirst();
    int size = Math.max(1, Math.ceilDiv(TILE, Math.max(first.height(), first.width())));
    var tiles = new ArrayList<Sheet.Tile>();
    IntStream.range(0, maps.size())
        .forEach(i -> tiles.add(new Sheet.Tile(squares(maps.get(i), scale, size), "channel " + i)));
    return new Sheet("Feature maps of " + layer + ", the first " + maps.size() + " channels, " + first.height() + " x "
        + first.width(), remark, tiles, Math.min(COLUMNS, maps.size()), scale, "value; one scale for all channels");
  }

  /** Each value a square of its colour: what the layer's resolution is shall be seen. */
  static BufferedImage squares(HeatMap map, Scale scale, int size) {
    var picture = new BufferedImage(map.width() * size, map.height() * size, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        picture.setRGB(x, y, scale.rgb(map.at(y / size, x / size)));
      }
    }
    return picture;
  }

  private static float[] mean(RgbImage image) {
    double[] mean = image.meanColour();
    return new float[] {(float) mean[0], (float) mean[1], (float) mean[2]};
  }
}
