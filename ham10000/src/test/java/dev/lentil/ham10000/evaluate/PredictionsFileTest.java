package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictionsFileTest {
  private static final String HEADER = "image_id,lesion_id,dx,label,subset,probability\n";

  @TempDir
  Path folder;

  @Test
  void roundTripIsExact() {
    for (var predictions : new Predictions[] {ExamplePredictions.binary(), ExamplePredictions.sevenClass()}) {
      var file = folder.resolve("run/predictions.csv");
      PredictionsFile.write(predictions, file);
      assertEquals(predictions, PredictionsFile.read(file));
    }
  }

  @Test
  void patientsAreWrittenAndMayBeMissing() throws IOException {
    var file = folder.resolve("p.csv");
    PredictionsFile.write(ExamplePredictions.binary(), file);
    assertTrue(
        Files.readString(file).startsWith("image_id,lesion_id,dx,age,sex,localization,label,subset,probability\n"));
    Files.writeString(file, HEADER + "I1,L1,nv,0,test,0.5\n");
    assertEquals(Patient.UNKNOWN, PredictionsFile.read(file).rows().getFirst().patient());
    assertError(
        "image_id,lesion_id,dx,age,sex,localization,label,subset,probability\nI1,L1,nv,old,male,back,0,test,0.5\n",
        "line 2: age 'old' is not a number");
  }

  @Test
  void leavesNothingElseBehind() throws IOException {
    PredictionsFile.write(ExamplePredictions.binary(), folder.resolve("p.csv"));
    PredictionsFile.write(ExamplePredictions.binary(), folder.resolve("p.csv"));
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      I1,L1,mole,0,test,0.5    | line 2: dx 'mole' is not a diagnosis
      I1,L1,nv,1,test,0.5      | line 2: label is '1' but dx nv means 0
      I1,L1,nv,0,holdout,0.5   | line 2: subset 'holdout' is none of
      I1,L1,nv,0,test,half     | line 2: probability 'half' is not a number
      I1,L1,nv,0,test,1.5      | probability of I1 is 1.5
      I1,L1,nv,0,test,NaN      | probability of I1 is NaN
      I1,L1,nv,0,test          | is the file cut?
      """)
  void badLinesNameFileLineAndRemedy(String line, String expected) throws IOException {
    assertError(HEADER + line + "\n", expected);
  }

  @Test
  void badFilesNameTheRemedy() throws IOException {
    assertError("image_id,lesion_id,dx,subset\n", "column label, probability is missing");
    assertError(HEADER, "no predictions below the header");
    assertError(HEADER + "I1,L1,nv,0,test,0.5\nI1,L1,nv,0,test,0.5\n", "image I1 is predicted twice");
    var absent = assertThrows(UserError.class, () -> PredictionsFile.read(folder.resolve("absent.csv")));
    assertTrue(absent.getMessage().contains("run the evaluate command"), absent.getMessage());
  }

  private void assertError(String content, String expected) throws IOException {
    var file = folder.resolve("broken.csv");
    Files.writeString(file, content);
    var message = assertThrows(UserError.class, () -> PredictionsFile.read(file)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains("evaluate command"), message);
  }
}
