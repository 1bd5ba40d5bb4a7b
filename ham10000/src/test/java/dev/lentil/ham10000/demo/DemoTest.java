package dev.lentil.ham10000.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.train.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  private static final long MOST_BYTES = 1_500_000;

  @TempDir
  Path folder;

  @Test
  void aShortOneGoesAllTheWay() throws Exception {
    var screen = new StringWriter();
    Path run = folder.resolve("run");
    var outcome = Demo.run(run, 42, 100, List.of("stage1.epochs=1", "stage2.epochs=1"), new Program("test", "none"),
        new PrintWriter(screen));
    assertTrue(screen.toString().contains("Everything is trained."), screen.toString());
    assertTrue(screen.toString().contains("260 tensors below the cut of stage head"), screen.toString());
    String report = Files.readString(run.resolve("report.html"));
    assertTrue(report.contains(Disclaimer.TEXT) && report.contains("Logistic regression on the mean colour"));
    assertTrue(outcome.run().evaluation().test().auc().estimate() >= 0);
    assertEquals(2, outcome.run().measurements().stages().size());
  }

  @Test
  void theBaseThatComesAlongIsSmallAndSaysWhereItIsFrom() throws Exception {
    Path file = folder.resolve("base.safetensors");
    var model = DemoBase.open(file);
    assertTrue(Files.size(file) < MOST_BYTES, Files.size(file) + " bytes");
    assertEquals(DemoBase.ALPHA, model.architecture().alpha());
    assertEquals(DemoBase.SIZE, model.architecture().height());
    assertTrue(model.notes().get("made_by").startsWith("./lentil demo --train-base"), model.notes().toString());
    // trained, not drawn at random: of 360 pictures chance gets 20 right, give or take 4; it must get more than 40
    double accuracy = Double.parseDouble(model.notes().get("validation_accuracy"));
    System.out.println("the base's validation accuracy on its own task: " + accuracy);
    assertTrue(accuracy > 2.0 / PretextPainter.CLASSES, "accuracy " + accuracy);
  }
}
