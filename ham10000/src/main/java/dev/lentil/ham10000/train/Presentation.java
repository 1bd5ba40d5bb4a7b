package dev.lentil.ham10000.train;

import dev.lentil.ham10000.evaluate.Baseline;
import dev.lentil.ham10000.report.Card;
import dev.lentil.ham10000.report.ReportInput.PublishedResult;
import dev.lentil.ham10000.report.SampleImage;
import java.util.List;
import java.util.Optional;

/**
 * What a report says about the data, which the run itself does not know.
 *
 * @param title of the report
 * @param summary one or two sentences
 * @param data what the images are, for the method's first step
 * @param samples some images of both classes
 * @param baselines to judge beside the network
 * @param published a result on the same test images
 * @param dataCard what the reader must know of the images
 * @param notes what the reader must know
 */
public record Presentation(String title, String summary, String data, List<SampleImage> samples,
    List<Baseline> baselines,
    Optional<PublishedResult> published, Card dataCard, List<String> notes) {
  public Presentation {
    samples = List.copyOf(samples);
    baselines = List.copyOf(baselines);
    notes = List.copyOf(notes);
  }
}
