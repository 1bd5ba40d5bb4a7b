package dev.lentil.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.mobilenetv2.MobileNetV2;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaseTest {
  @Test
  void theNamesAreFixed() {
    assertEquals(
        List.of("infer b1 t1", "infer b8 t1", "infer b32 t1", "train b32 t1", "infer b1 t2", "infer b8 t2",
            "infer b32 t2", "train b32 t2", "infer b1 t1 c2"),
        Case.all().stream().map(Case::name).toList());
    for (Case which : Case.all()) {
      assertEquals(which, Case.named(which.name()));
    }
    var error = assertThrows(IllegalArgumentException.class, () -> Case.named("infer b2 t1"));
    assertTrue(error.getMessage().contains("infer b1 t1"), error.getMessage());
  }

  @Test
  void operationsAreTwoForEachMultiplyAdd() {
    var network = MobileNetV2.imageNet().network();
    // 300.8 million multiply-adds an image; the first convolution is 112 x 112 x 32 x 27 of them
    double forward = 2 * 300_774_272.0;
    assertEquals(8 * forward, Case.named("infer b8 t1").operations(network));
    assertEquals(2 * forward, Case.named("infer b1 t1 c2").operations(network));
    double first = 2 * 112.0 * 112 * 32 * 27;
    assertEquals(32 * (3 * forward - first), Case.named("train b32 t2").operations(network));
  }
}
