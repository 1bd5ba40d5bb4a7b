package dev.lentil.ham10000.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.image.TestImages;
import dev.lentil.testing.SharedData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetVerifierTest {
  private static final ImageCacheWriter.Progress QUIET = (done, total) -> {};

  @TempDir
  Path data;

  private DatasetVerifier.Report verify() {
    return DatasetVerifier.verify(data, List.of(), Optional.empty(), 2, QUIET);
  }

  @Test
  void nothingWrong() throws IOException {
    TestDataset.write(data, 14);
    var report = verify();
    assertEquals(List.of(), report.problems());
    assertEquals(14, report.rows());
    assertEquals(14, report.lesions());
    assertEquals(14, report.images());
    assertEquals(2, report.diagnoses().get(Diagnosis.MEL));
    assertEquals(List.of(data.resolve("images")), report.folders());
  }

  @Test
  void everythingWrongAtOnce() throws IOException {
    TestDataset.write(data, 14);
    var images = data.resolve("images");
    Files.delete(images.resolve(TestDataset.id(2) + ".jpg"));
    var cut = images.resolve(TestDataset.id(5) + ".jpg");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 200));
    Files.write(images.resolve(TestDataset.id(6) + ".jpg"), TestImages.jpeg(1, 1, 0));
    Files.write(images.resolve("ISIC_9999999.jpg"), TestImages.jpeg(30, 40, 0));
    Files.write(images.resolve(TestDataset.id(7) + ".png"),
        TestImages.png(TestImages.picture(30, 40, BufferedImage.TYPE_INT_RGB, 0)));
    assertEquals(List.of(
        data.resolve(Metadata.FILE_NAME)
            + ", field image_id: no image file for ISIC_0000002; put it into one of the image folders",
        images.resolve("ISIC_0000007.png") + ": another file has the same image_id; keep one of them",
        images.resolve("ISIC_9999999.jpg")
            + ": no row of the metadata has this image_id; add the row or remove the file",
        cut + ": the JPEG image is truncated (its end is missing after 200 bytes); download or export it again",
        images.resolve("ISIC_0000006.jpg") + ": the image is only 1x1 pixels; give one of at least 16x16"),
        verify().problems().stream().map(Problem::message).toList());
  }

  @Test
  void wrongMetadataIsListedWithTheImages() throws IOException {
    TestDataset.write(data, 7);
    var file = data.resolve(Metadata.FILE_NAME);
    Files.writeString(file, Files.readString(file).replace("bkl", "seborrheic").replace("HAM_0000001", "HAM_0000000"));
    Files.delete(data.resolve("images/ISIC_0000006.jpg"));
    assertEquals(
        List.of(Problem.Kind.LESION_WITH_TWO_DIAGNOSES, Problem.Kind.UNKNOWN_DIAGNOSIS, Problem.Kind.MISSING_IMAGE),
        verify().problems().stream().map(Problem::kind).toList());
  }

  @Test
  void countsOfThePublishedData() throws IOException {
    TestDataset.write(data, 7);
    var problems =
        DatasetVerifier.verify(data, List.of(), Optional.of(DatasetVerifier.Expectation.HAM10000), 1, QUIET).problems();
    assertEquals(9, problems.size());
    assertEquals(
        data.resolve(Metadata.FILE_NAME) + ": 7 usable rows instead of 10015; use the complete HAM10000_metadata.csv, "
            + "DOI 10.7910/DVN/DBW86T",
        problems.getFirst().message());
  }

  @Test
  void thePublishedDataIsKnownByItsCounts() {
    var rows = Metadata.read(SharedData.require("ham10000/" + Metadata.FILE_NAME)).rows();
    assertTrue(DatasetVerifier.Expectation.HAM10000.isMetBy(rows));
    assertFalse(DatasetVerifier.Expectation.HAM10000.isMetBy(rows.subList(1, rows.size())));
  }

  @Test
  void noImagesAtAllIsOneProblem() throws IOException {
    TestDataset.write(data, 3);
    for (int i = 0; i < 3; i++) {
      Files.delete(data.resolve("images/" + TestDataset.id(i) + ".jpg"));
    }
    var problems = verify().problems();
    assertEquals(1, problems.size());
    assertTrue(problems.getFirst().message().startsWith(data + ": no folder in it holds images"),
        problems.getFirst().message());
  }

  @Test
  void missingColumnIsTheOnlyProblemOfItsFile() throws IOException {
    TestDataset.write(data, 3);
    var file = data.resolve(Metadata.FILE_NAME);
    Files.writeString(file, Files.readString(file).replace(",dx,", ",diagnosis,"));
    var problems =
        DatasetVerifier.verify(data, List.of(), Optional.of(DatasetVerifier.Expectation.HAM10000), 1, QUIET).problems();
    assertEquals(List.of(Problem.Kind.MISSING_COLUMN), problems.stream().map(Problem::kind).toList());
  }
}
