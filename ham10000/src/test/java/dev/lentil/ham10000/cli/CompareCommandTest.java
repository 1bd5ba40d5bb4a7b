package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.ExamplePredictions;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import dev.lentil.ham10000.evaluate.ProbabilitiesFile;
import dev.lentil.ham10000.train.Recipe;
import dev.lentil.ham10000.train.TrainingConfig;
import dev.lentil.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
  @TempDir
  Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeRuns() {
    save("binary", ExamplePredictions.binary());
    save("seven", ExamplePredictions.sevenClass());
    save("validation", ExamplePredictions.binary().of(Subset.VALIDATION));
  }

  private void save(String name, Predictions predictions) {
    PredictionsFile.write(predictions, folder.resolve(name).resolve("predictions.csv"));
  }

  private int compare(String... names) {
    var arguments = new ArrayList<>(List.of("compare"));
    for (var name : names) {
      arguments.add(name.startsWith("--") ? name : folder.resolve(name).toString());
    }
    return Main.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
  }

  /** A binary and a seven-class model of the same images can be compared: both give a probability of malignancy. */
  @Test
  void printsATable() {
    assertEquals(0, compare("binary", "seven"), err.toString());
    assertTrue(out.toString().contains("258 test images of 129 lesions"), out.toString());
    assertTrue(out.toString().contains("1 - 2"), out.toString());
    assertTrue(out.toString().endsWith("Research and teaching only. Not a medical device.\n"), out.toString());
  }

  /** As the folder of results keeps them: without lesions and diagnoses, which come from the metadata. */
  @Test
  void runsThatAreKeptForThePageNeedTheMetadata() throws IOException {
    Path kept = folder.resolve("kept");
    var judged = ExamplePredictions.binary();
    ProbabilitiesFile.write(new Predictions(judged.task(),
        judged.rows().stream().filter(row -> row.subset() != Subset.TRAIN).toList()),
        kept.resolve("predictions.csv.gz"));
    Files.writeString(kept.resolve("config.properties"),
        TrainingConfig.of(Optional.of(Recipe.PAPER_INTENT), List.of(), List.of("data=HAM10000")).file());
    Files.createDirectories(folder.resolve("data"));
    assertFails("HAM10000_metadata.csv: no such file; --data must name the folder", "seven", "kept", "--data", "data");
    var text = new StringBuilder("lesion_id,image_id,dx,dx_type,age,sex,localization\n");
    ExamplePredictions.metadata().rows().forEach(row -> text.append(String.join(",", row.lesionId(), row.imageId(),
        row.diagnosis().code(), "histo", "", "", "")).append('\n'));
    Files.writeString(folder.resolve("data/HAM10000_metadata.csv"), text);
    assertEquals(0, compare("seven", "kept", "--data", "data"), err.toString());
    assertTrue(out.toString().contains("258 test images of 129 lesions"), out.toString());
  }

  @Test
  void oneDocumentForPrograms() {
    assertEquals(0, compare("binary", "seven", "--json"), err.toString());
    assertTrue(Json.parse(out.toString()) instanceof Map<?, ?> document
        && document.get("pairs") instanceof List<?> pairs && pairs.size() == 1, out.toString());
  }

  @Test
  void saysWhatIsWrong() {
    assertEquals(2, compare("binary"));
    assertEquals(2, compare("binary", "binary"));
    assertTrue(err.toString().contains("is named twice"), err.toString());
    assertFails("no such file; run the evaluate command", "binary", "nothing");
    assertFails("0 benign and 0 malignant predictions of test images", "binary", "validation");
  }

  private void assertFails(String expected, String... names) {
    assertEquals(1, compare(names));
    assertTrue(err.toString().contains(expected), err.toString());
  }
}
