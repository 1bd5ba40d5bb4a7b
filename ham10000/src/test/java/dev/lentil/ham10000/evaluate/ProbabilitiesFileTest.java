package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.CsvTable;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split.Subset;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbabilitiesFileTest {
  private static final Metadata METADATA = ExamplePredictions.metadata();

  @TempDir
  Path folder;

  private Predictions read(Path file) {
    return ProbabilitiesFile.read(file, METADATA, ExamplePredictions.split());
  }

  /** All but the patients, who stay unknown. */
  @Test
  void theMetadataGivesBackWhatIsNotWritten() {
    for (var predictions : new Predictions[] {ExamplePredictions.binary(), ExamplePredictions.sevenClass()}) {
      var judged = predictions.where(row -> row.subset() != Subset.TRAIN);
      Path file = folder.resolve("run/" + ProbabilitiesFile.FILE_NAME);
      ProbabilitiesFile.write(judged, file);
      var lines = CsvTable.read(file, "");
      assertEquals(predictions.task().toString().equals("binary")
          ? List.of("image_id", "probability")
          : List.of("image_id", "probability", "p_akiec", "p_bcc", "p_bkl", "p_df", "p_mel", "p_nv", "p_vasc"),
          lines.header());
      var expected = judged.rows().stream().map(row -> new Prediction(row.imageId(), row.lesionId(), row.diagnosis(),
          Patient.UNKNOWN, row.subset(), row.probability(), row.classProbabilities())).toList();
      var again = read(file);
      assertEquals(predictions.task(), again.task());
      assertEquals(judged.imageIds().stream().sorted().toList(), again.imageIds(), "in an order that says nothing");
      assertEquals(new HashSet<>(expected), new HashSet<>(again.rows()), "to the last digit");
    }
  }

  @Test
  void imagesThatWereNotJudgedNameFileLineAndRemedy() throws IOException {
    var train = ExamplePredictions.split().of(Subset.TRAIN).getFirst().imageId();
    String remedy = "; --data must name the folder of the whole data set that the run was trained on";
    assertError("image_id,probability\nI1,0.5\n", ", line 2: image I1 is not in example.csv" + remedy);
    assertError("image_id,probability\n" + train + ",0.5\n",
        ", line 2: image " + train + " is a training image by the split of example.csv" + remedy);
  }

  @Test
  void badFilesNameTheRemedy() throws IOException {
    var image = ExamplePredictions.split().of(Subset.TEST).getFirst().imageId();
    String remedy = "; get the file again, or add the run again with './lentil results --add RUN'";
    assertError("image_id\n" + image + "\n", ", line 1: column probability is missing" + remedy);
    assertError("image_id,probability\n" + image + ",half\n", ", line 2: probability 'half' is not a number" + remedy);
    assertError("image_id,probability\n" + image + "\n",
        ", line 2: another number of fields than the header, is the file cut?" + remedy);
    assertError("image_id,probability\n" + image + ",0.5\n" + image + ",0.5\n",
        ": image " + image + " is predicted twice" + remedy);
    Path file = folder.resolve("cut.csv.gz");
    ProbabilitiesFile.write(ExamplePredictions.binary(), file);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    var message = assertThrows(UserError.class, () -> read(file)).getMessage();
    assertTrue(message.startsWith(file + ": not a whole gzip file"), message);
  }

  private void assertError(String content, String expected) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    Path file = folder.resolve("broken.csv.gz");
    Files.write(file, bytes.toByteArray());
    assertEquals(file + expected, assertThrows(UserError.class, () -> read(file)).getMessage());
  }
}
