package dev.lentil.ham10000.train;

import dev.lentil.backend.DeviceChoice;
import dev.lentil.explain.HeatMap;
import dev.lentil.explain.Patches;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.Gallery;
import dev.lentil.ham10000.evaluate.Prediction;
import dev.lentil.ham10000.explain.ColourMap;
import dev.lentil.ham10000.explain.Explanation;
import dev.lentil.ham10000.explain.Explanation.Method;
import dev.lentil.ham10000.explain.Overlay;
import dev.lentil.ham10000.explain.Scale;
import dev.lentil.ham10000.image.Pictures;
import dev.lentil.ham10000.report.CaseGallery;
import dev.lentil.ham10000.report.CaseGallery.Case;
import dev.lentil.ham10000.report.CaseGallery.Group;
import dev.lentil.ham10000.report.SampleImage;
import dev.lentil.mobilenetv2.Answer;
import dev.lentil.mobilenetv2.ImageExplainer;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.image.RgbImage;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report's cases: the gallery of an evaluation, with Grad-CAM and occlusion of what speaks for malignant. */
final class CaseMaps {
  private static final int SHOWN = 4;
  /** Pictures have at least this many pixels a side. */
  private static final int SIZE = 192;
  private static final int LEGEND = 256;

  private final RunData data;
  private final List<Model> models;
  private final String layer;
  private final Patches patches;
  /** Of each image shown, the maps of all models so far. */
  private final Map<String, List<HeatMap>> gradCams = new LinkedHashMap<>();
  private final Map<String, List<HeatMap>> occlusions = new HashMap<>();

  private CaseMaps(List<Model> models, RunData data) {
    this.models = models;
    this.data = data;
    this.layer = ImageExplainer.layerToShow(models.getFirst().architecture().network());
    int side = Explanation.patchSide(data.pixels().height(), data.pixels().width());
    // half a side apart: every pixel is covered by about four patches, and the report is not held up
    this.patches = new Patches(side, Math.max(1, side / 2));
  }

  /** @param models one, or those that are averaged; {@code data} holds their images at the size of all */
  static CaseGallery of(List<Model> models, RunData data, Evaluation evaluation, DeviceChoice device) {
    var maps = new CaseMaps(models, data);
    var groups = maps.groups(evaluation.gallery());
    for (Model model : models) {
      try (var explainer = ImageExplainer.open(model, device.backend(), device.options())) {
        maps.add(explainer);
      }
    }
    return maps.gallery(evaluation, groups);
  }

  /** What is shown under which heading. */
  private record Shown(String id, String title, String remark, List<Prediction> predictions) {
    Shown {
      predictions = predictions.stream().limit(SHOWN).toList();
    }
  }

  private List<Shown> groups(Gallery gallery) {
    var groups = List.of(
        new Shown("missed", "Missed", "Malignant images called benign, the most confident first.", gallery.missed()),
        new Shown("false-alarm", "False alarms", "Benign images called malignant, the most confident first.",
            gallery.falseAlarms()),
        new Shown("uncertain", "Nearest to the threshold",
            "A slightly different threshold would have changed the answer.", gallery.uncertain()),
        new Shown("found", "Found", "Malignant images called malignant, the most confident first.", gallery.found()),
        new Shown("cleared", "Cleared", "Benign images called benign, the most confident first.", gallery.cleared()));
    groups.forEach(group -> group.predictions.forEach(prediction -> {
      gradCams.put(prediction.imageId(), new ArrayList<>());
      occlusions.put(prediction.imageId(), new ArrayList<>());
    }));
    return groups;
  }

  /** Maps of all images, by one of the models. */
  private void add(ImageExplainer explainer) {
    Answer malignant = LesionModel.of(explainer.model()).answers().get(LesionModel.MALIGNANT);
    gradCams.forEach((id, maps) -> {
      RgbImage image = image(id);
      maps.add(map(explainer, image, malignant, new Method.OfGradients(layer)));
      occlusions.get(id).add(map(explainer, image, malignant, new Method.OfPatches(patches)));
    });
  }

  private static HeatMap map(ImageExplainer explainer, RgbImage image, Answer answer, Method method) {
    return Explanation.of(explainer, image, answer, method).maps().getFirst();
  }

  private CaseGallery gallery(Evaluation evaluation, List<Shown> groups) {
    var places = models.getFirst().architecture().network().shape(layer);
    String remark = String.format(Locale.ROOT,
        "Test images at threshold %.4f, one per lesion. Two maps show the evidence for and against \"malignant\": Grad-CAM "
            + "of layer %s (%d x %d positions), and occlusion by patches of %d pixels in the image's mean colour. Each map has "
            + "its own scale, so its colours show where the evidence is, not how strong it is. A map shows what the network "
            + "used, not whether that was right.",
        evaluation.primary().threshold(), layer, places.extent(0), places.extent(1), patches.side());
    return new CaseGallery(
        models.size() == 1 ? remark : remark + " Each map is the mean over the " + models.size() + " networks.",
        legend(), groups.stream().map(group -> new Group(group.id, group.title, group.remark,
            group.predictions.stream().map(this::explained).toList())).toList());
  }

  private Case explained(Prediction prediction) {
    String id = prediction.imageId();
    RgbImage image = image(id);
    int size = Math.max(1, Math.ceilDiv(SIZE, Math.max(image.height(), image.width())));
    return new Case(id, prediction.diagnosis().code() + ", " + prediction.diagnosis().fullName(),
        prediction.probability(), jpeg(Overlay.enlarged(image, size)),
        jpeg(overlay(image, HeatMap.mean(gradCams.get(id)), size)),
        jpeg(overlay(image, HeatMap.mean(occlusions.get(id)), size)));
  }

  private RgbImage image(String id) {
    var pixels = data.pixels();
    var rgb = new byte[pixels.height() * pixels.width() * 3];
    pixels.copy(data.indexOf().applyAsInt(id), rgb);
    return new RgbImage(pixels.height(), pixels.width(), rgb);
  }

  private static BufferedImage overlay(RgbImage image, HeatMap map, int size) {
    return Overlay.of(image, map, Scale.bothWays(map), size);
  }

  private static String legend() {
    var bar = new BufferedImage(LEGEND, 1, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < LEGEND; x++) {
      bar.setRGB(x, 0, ColourMap.DIVERGING.rgb(x / (LEGEND - 1.0)));
    }
    return SampleImage.dataUri(Pictures.png(bar), "legend");
  }

  private static String jpeg(BufferedImage picture) {
    return SampleImage.dataUri(Pictures.jpeg(picture), "case");
  }
}
