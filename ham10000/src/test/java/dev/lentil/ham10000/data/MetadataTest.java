package dev.lentil.ham10000.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.download.Checksum;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataTest {
  private static final String HEADER = "lesion_id,image_id,dx,dx_type,age,sex,localization\n";

  @TempDir
  Path folder;

  @Test
  void readsRowsAndMissingAges() throws IOException {
    var metadata =
        Metadata.read(csv(HEADER + "L2,I1,mel,histo,80.0,male,scalp\r\nL1,I2,nv,follow_up,,female,\"back, upper\"\n"
            + "L2,I3,mel,histo,unknown,unknown,scalp\n"));
    assertEquals(3, metadata.rows().size());
    assertEquals(new Metadata.Row("L2", "I1", Diagnosis.MEL, "histo", OptionalDouble.of(80), "male", "scalp"),
        metadata.rows().get(0));
    assertEquals(
        new Metadata.Row("L1", "I2", Diagnosis.NV, "follow_up", OptionalDouble.empty(), "female", "back, upper"),
        metadata.rows().get(1));
    assertEquals(OptionalDouble.empty(), metadata.rows().get(2).age());
    assertEquals("[L1, L2]", metadata.lesions().keySet().toString());
    assertEquals(2, metadata.lesions().get("L2").size());
    assertEquals("L1", metadata.byImageId().get("I2").lesionId());
  }

  @Test
  void byteOrderMarkIsSkipped() throws IOException {
    assertEquals(1, Metadata.read(csv("\uFEFF" + HEADER + "L1,I1,nv,histo,5,male,back\n")).rows().size());
  }

  @Test
  void blanksAroundTheNamesOfColumnsAreNoPartOfThem() throws IOException {
    var metadata =
        Metadata.read(csv("lesion_id,image_id,dx,dx_type,age, sex , localization\nL1,I1,nv,histo,50, male, back\n"));
    assertEquals(List.of(new Metadata.Row("L1", "I1", Diagnosis.NV, "histo", OptionalDouble.of(50), "male", "back")),
        metadata.rows());
  }

  /** pandas numbers the rows in a column without a name, and spreadsheets keep the commas of columns that were emptied. */
  @Test
  void columnsWithoutANameAreIgnored() throws IOException {
    var metadata = Metadata.read(csv("," + HEADER.strip() + ",,\n0,L1,I1,nv,histo,50,male,back,,\n"));
    assertEquals(List.of(new Metadata.Row("L1", "I1", Diagnosis.NV, "histo", OptionalDouble.of(50), "male", "back")),
        metadata.rows());
    var file = csv("," + HEADER + "0,L1,I1,nv,histo,50,male\n");
    assertMessage(file,
        file + ": line 2 has another number of fields than the header; correct the line or download the file again");
  }

  @Test
  void aQuoteThatIsNotClosedIsFound() throws IOException {
    var file = csv(HEADER + "L1,\"I1,nv,histo,50,male,back\n");
    assertMessage(file,
        file + ": not a CSV file with a header line ((startline 2) EOF reached before encapsulated token "
            + "finished); correct it or download it again");
  }

  @Test
  void aColumnThatIsThereTwiceIsNamed() throws IOException {
    var file = csv("age," + HEADER + "51,L1,I1,nv,histo,50,male,back\n");
    assertMessage(file, file + ", line 1: the column 'age' is there twice; remove or rename one of the two");
  }

  @Test
  void anAgeIsADecimalNumberAndNoLiteralOfJava() throws IOException {
    for (var age : List.of("50", "50.0", "0", "0.5", "150")) {
      assertEquals(Double.parseDouble(age),
          Metadata.read(csv(HEADER + "L1,I1,nv,histo," + age + ",male,back\n")).rows().getFirst().age().getAsDouble());
    }
    for (var age : List.of("50.0f", "1d", "0x1p5", "NaN", "+5", "-0", "150.5", "1e1")) {
      var file = csv(HEADER + "L1,I1,nv,histo," + age + ",male,back\n");
      assertMessage(file,
          file + ", line 2, field age: '" + age + "' is not an age in years; leave it empty when it is unknown");
    }
  }

  @Test
  void missingColumn() throws IOException {
    var file = csv("lesion_id,image_id,dx_type,age,sex,localization\nL1,I1,histo,80.0,male,scalp\n");
    assertMessage(file, file + ", line 1, field dx: the column is missing; "
        + "the header must hold lesion_id,image_id,dx,dx_type,age,sex,localization");
  }

  @Test
  void duplicateImage() throws IOException {
    var file = csv(HEADER + "L1,I1,nv,histo,80.0,male,scalp\nL2,I1,nv,histo,80.0,male,scalp\n");
    assertMessage(file, file + ", line 3, field image_id: 'I1' is already in line 2; keep one of the two rows");
  }

  @Test
  void unknownDiagnosis() throws IOException {
    var file = csv(HEADER + "L1,I1,melanoma,histo,80.0,male,scalp\n");
    assertMessage(file,
        file + ", line 2, field dx: 'melanoma' is not a diagnosis; use one of akiec, bcc, bkl, df, mel, nv, vasc");
  }

  @Test
  void lesionWithTwoDiagnoses() throws IOException {
    var file = csv(HEADER + "L1,I1,nv,histo,80.0,male,scalp\nL1,I2,mel,histo,80.0,male,scalp\n");
    assertMessage(file, file + ", line 3, field dx: lesion 'L1' is mel here but nv in line 2; "
        + "all images of a lesion must have the same diagnosis");
  }

  @Test
  void everythingElseThatCanBeWrong() throws IOException {
    var file = csv(HEADER + "L1,I1,nv,histo,old,male,scalp\n");
    assertMessage(file, file + ", line 2, field age: 'old' is not an age in years; leave it empty when it is unknown");
    file = csv(HEADER + ",I1,nv,histo,5,male,scalp\n");
    assertMessage(file, file + ", line 2, field lesion_id: the value is empty; fill it in or remove the row");
    file = csv(HEADER + "L1,I1,nv,histo,5,male\n");
    assertMessage(file,
        file + ": line 2 has another number of fields than the header; correct the line or download the file again");
    file = csv(HEADER);
    assertMessage(file, file + ": no rows below the header; download it again");
    var absent = folder.resolve("absent.csv");
    assertMessage(absent, absent + ": no such file; --data must name the folder that holds HAM10000_metadata.csv");
    var image = Files.write(folder.resolve("image.csv"), new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 0});
    assertMessage(image, image + ": not UTF-8 text; save it as UTF-8 CSV");
    var semicolons = csv("\uFEFF" + (HEADER + "L1,I1,nv,histo,5,male,scalp\n").replace(',', ';'));
    assertMessage(semicolons,
        semicolons + ", line 1: the columns are separated by semicolons; save it as CSV with commas between them");
    var quotes = csv(HEADER + "L1,\"I1\"x,nv,histo,5,male,scalp\n");
    assertTrue(assertThrows(UserError.class, () -> Metadata.read(quotes)).getMessage()
        .startsWith(quotes + ": not a CSV file"));
  }

  @Test
  void allProblemsAtOnce() throws IOException {
    var file =
        csv(HEADER + "L1,I1,nv,histo,80.0,male,scalp\nL1,I2,mel,histo,80.0,male,scalp\nL2,I1,xy,histo,-3,male,scalp\n"
            + "L3,I4,df,histo,80.0,male,scalp\n");
    var scan = Metadata.scan(file);
    assertEquals("[LESION_WITH_TWO_DIAGNOSES, UNKNOWN_DIAGNOSIS, BAD_AGE, DUPLICATE_IMAGE_ID]",
        scan.problems().stream().map(Problem::kind).toList().toString());
    assertEquals("I1,I4", scan.metadata().rows().stream().map(Metadata.Row::imageId).collect(Collectors.joining(",")));
    assertTrue(assertThrows(UserError.class, () -> Metadata.read(file)).getMessage()
        .endsWith("(and 3 more problems; 'verify' lists them all)"));
  }

  @Test
  void theRealFile() throws IOException {
    var file = SharedData.require("ham10000/" + Metadata.FILE_NAME);
    assertEquals("06aee5e603d313ba69de38263053c792a1dff030eb9c44a96ceb477ceefb99a5",
        Checksum.of(file, "SHA-256").hex());
    var metadata = Metadata.read(file);
    assertEquals(10_015, metadata.rows().size());
    assertEquals(7_470, metadata.lesions().size());
    assertEquals(57, metadata.rows().stream().filter(row -> row.age().isEmpty()).count());
    var counts =
        metadata.rows().stream().collect(Collectors.groupingBy(Metadata.Row::diagnosis, Collectors.counting()));
    assertEquals("[327, 514, 1099, 115, 1113, 6705, 142]",
        Arrays.stream(Diagnosis.values()).map(counts::get).toList().toString());
    assertEquals(1_954, metadata.rows().stream().filter(row -> row.diagnosis().malignant()).count());
  }

  private Path csv(String text) throws IOException {
    return Files.writeString(folder.resolve("metadata.csv"), text);
  }

  private static void assertMessage(Path file, String message) {
    assertEquals(message, assertThrows(UserError.class, () -> Metadata.read(file)).getMessage());
  }
}
