package dev.lentil.ham10000.train;

import dev.lentil.backend.DeviceChoice;
import dev.lentil.explain.HeatMap;
import dev.lentil.explain.Patches;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.Prediction;
import dev.lentil.ham10000.explain.ColourMap;
import dev.lentil.ham10000.explain.Explanation;
import dev.lentil.ham10000.explain.Explanation.Method;
import dev.lentil.ham10000.explain.Overlay;
import dev.lentil.ham10000.explain.Scale;
import dev.lentil.ham10000.image.Pictures;
import dev.lentil.ham10000.image.RgbImage;
import dev.lentil.ham10000.report.CaseGallery;
import dev.lentil.ham10000.report.CaseGallery.Case;
import dev.lentil.ham10000.report.CaseGallery.Group;
import dev.lentil.ham10000.report.SampleImage;
import dev.lentil.mobilenetv2.Answer;
import dev.lentil.mobilenetv2.ImageExplainer;
import dev.lentil.mobilenetv2.Model;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/** The report's cases: the gallery of an evaluation, with Grad-CAM and occlusion of what speaks for malignant. */
final class CaseMaps {
  private static final int SHOWN = 4;
  /** Pictures have at least this many pixels a side. */
  private static final int SIZE = 192;
  private static final int LEGEND = 256;

  private final ImageExplainer explainer;
  private final RunData data;
  private final Answer malignant;
  private final String layer;
  private final Patches patches;

  private CaseMaps(ImageExplainer explainer, RunData data) {
    this.explainer = explainer;
    this.data = data;
    this.malignant = LesionModel.of(explainer.model()).answers().get(LesionModel.MALIGNANT);
    this.layer = ImageExplainer.layerToShow(explainer.network());
    int side = Explanation.patchSide(data.pixels().height(), data.pixels().width());
    // half a side apart: every pixel is covered by about four patches, and the report is not held up
    this.patches = new Patches(side, Math.max(1, side / 2));
  }

  /** @param model of the run, whose images {@code data} holds at its size */
  static CaseGallery of(Model model, RunData data, Evaluation evaluation, TrainingConfig config) {
    var device = DeviceChoice.of(config.backend(), config.deviceOptions());
    try (var explainer = ImageExplainer.open(model, device.backend(), device.options())) {
      return new CaseMaps(explainer, data).gallery(evaluation);
    }
  }

  private CaseGallery gallery(Evaluation evaluation) {
    var gallery = evaluation.gallery();
    var places = explainer.network().shape(layer);
    return new CaseGallery(
        String.format(Locale.ROOT,
            "Test images at threshold %.4f, one of a lesion, each with two maps of what speaks for "
                + "and against \"malignant\": Grad-CAM of layer %s (%d x %d places), and occlusion by patches of %d "
                + "pixels in the image's mean colour. Each map has a scale of its own, so its colours say where, not how much. "
                + "A map shows what the network used, not whether it was right to.",
            evaluation.primary().threshold(), layer,
            places.extent(0), places.extent(1), patches.side()),
        legend(),
        List.of(group("missed", "Missed", "Malignant, called benign, the surest first.", gallery.missed()),
            group("false-alarm", "False alarms", "Benign, called malignant, the surest first.", gallery.falseAlarms()),
            group("uncertain", "Nearest to the threshold",
                "A slightly different threshold would have changed the answer.", gallery.uncertain()),
            group("found", "Found", "Malignant, called so, the surest first.", gallery.found()),
            group("cleared", "Cleared", "Benign, called so, the surest first.", gallery.cleared())));
  }

  private Group group(String id, String title, String remark, List<Prediction> predictions) {
    return new Group(id, title, remark, predictions.stream().limit(SHOWN).map(this::explained).toList());
  }

  private Case explained(Prediction prediction) {
    var pixels = data.pixels();
    var rgb = new byte[pixels.height() * pixels.width() * 3];
    pixels.copy(data.indexOf().applyAsInt(prediction.imageId()), rgb);
    var image = new RgbImage(pixels.height(), pixels.width(), rgb);
    int size = Math.max(1, Math.ceilDiv(SIZE, Math.max(image.height(), image.width())));
    return new Case(prediction.imageId(),
        prediction.diagnosis().code() + ", " + prediction.diagnosis().fullName(), prediction.probability(),
        jpeg(Overlay.enlarged(image, size)),
        jpeg(overlay(image, new Method.OfGradients(layer), size)),
        jpeg(overlay(image, new Method.OfPatches(patches), size)));
  }

  private BufferedImage overlay(RgbImage image, Method method, int size) {
    HeatMap map = Explanation.of(explainer, image, malignant, method).maps().getFirst();
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
