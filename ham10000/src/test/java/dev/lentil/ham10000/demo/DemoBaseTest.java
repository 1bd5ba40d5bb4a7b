package dev.lentil.ham10000.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.DeviceChoice;
import dev.lentil.backend.DeviceOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoBaseTest {
  private static final DeviceChoice CPU = DeviceChoice.of("cpu", DeviceOptions.defaults());

  private static final long MOST_BYTES = 1_500_000;

  @TempDir
  Path folder;

  @Test
  void theOneThatComesAlongIsSmallFitsAndSaysWhereItIsFrom() throws Exception {
    Path file = folder.resolve("base.safetensors");
    var model = DemoBase.open(file);
    var config = Demo.config(42, new Demo.Base.BuiltIn(), List.of());
    assertTrue(Files.size(file) < MOST_BYTES, Files.size(file) + " bytes");
    assertEquals(config.alpha(), model.architecture().alpha());
    assertEquals(config.resolution().height(), model.architecture().height());
    assertEquals(config.scaling(), model.scaling());
    assertEquals("./lentil demo --train-base FILE --epochs " + DemoBase.EPOCHS, model.notes().get(DemoBase.COMMAND));
    double accuracy = Double.parseDouble(model.notes().get(DemoBase.ACCURACY));
    System.out.println("the base's validation accuracy on its own task: " + accuracy);
    // chance gets one in eight right
    assertTrue(accuracy > 4.0 / PretextPainter.CLASSES, "accuracy " + accuracy);
  }

  @Test
  void trainingGivesTheSameBytesTwice() throws Exception {
    var task = PretextTask.paint(5, DemoBase.SIZE, 4 * PretextPainter.CLASSES, 8);
    Path first = folder.resolve("first.safetensors");
    Path second = folder.resolve("second.safetensors");
    var epochs = DemoBase.train(first, 2, CPU, task, new PrintWriter(new StringWriter()));
    DemoBase.train(second, 2, CPU, task, new PrintWriter(new StringWriter()));
    assertEquals(2, epochs.size());
    assertEquals(-1, Files.mismatch(first, second));
  }
}
