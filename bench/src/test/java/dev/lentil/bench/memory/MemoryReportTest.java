package dev.lentil.bench.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.bench.compare.RandomModel;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class MemoryReportTest {
  @Test
  void everyProcessDoesItsWork() {
    var model = RandomModel.of(MobileNetV2.keras(0.35, 32, 48, new Head.Classifier(10)));
    MemoryReport report = MemoryReport.measure(model, 2, 1, Optional.empty());
    assertEquals(
        List.of("classify lentil", "infer b1 t1 lentil", "infer b1 t1 onnxruntime", "infer b1 t1 c4 lentil",
            "infer b1 t1 c4 lentil apart", "infer b1 t1 c4 onnxruntime", "train b2 t1 lentil",
            "train b2 t1 pytorch"),
        report.rows().stream().map(row -> row.work() + " " + row.program()).toList());
    report.rows()
        .forEach(row -> assertTrue(row.needed().bytes() > 10_000_000 && row.needed().seconds() > 0.01, row.toString()));
    assertTrue(report.text().contains("classify"), report.text());
  }

  /** The first start of a launcher may build for half a minute. */
  @Test
  void aLauncherIsStartedOnceBeforeItIsMeasured(@TempDir Path folder) throws Exception {
    Path launcher = folder.resolve("lentil");
    Path starts = folder.resolve("starts");
    Files.writeString(launcher, "#!/bin/sh\necho $1 >>'" + starts + "'\nsleep 0.1\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    var model = RandomModel.of(MobileNetV2.keras(0.35, 32, 48, new Head.Classifier(10)));
    MemoryReport.measure(model, 2, 1, Optional.of(launcher));
    assertEquals(List.of("classify", "classify"), Files.readAllLines(starts));
  }
}
