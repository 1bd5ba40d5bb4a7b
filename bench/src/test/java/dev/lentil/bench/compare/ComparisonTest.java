package dev.lentil.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.bench.contender.OtherBuild;
import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Padding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both peers really run, on a network small enough for that; what they answer is compared, no time is judged. */
class ComparisonTest {
  private static final Budget ONCE = new Budget(Duration.ZERO, 0, Duration.ZERO, 1);

  private static Model model(Padding padding) {
    return RandomModel.of(new MobileNetV2(0.35, 40, 64, padding, 1e-3, 0.9, new Head.Classifier(10)));
  }

  @Test
  void inferenceAgreesWithBothPeersInBothPaddings() throws InterruptedException {
    for (Padding padding : List.of(Padding.KERAS, Padding.SYMMETRIC)) {
      for (String peer : List.of("onnxruntime", "pytorch")) {
        Result result = Comparison.run(Case.named("infer b8 t2"), model(padding), peer, ONCE);
        System.out.printf("%s padding, %s: outputs differ by %.2g%n", padding, peer, result.error());
        assertEquals(peer, result.peer());
        assertEquals("infer b8 t2", result.name());
        assertTrue(result.error() < 1e-4, "error " + result.error());
        assertTrue(result.gigaflops() > 0 && result.peakGigaflops() > 0);
      }
    }
  }

  @Test
  void callersAllGetTheSameAsFromOnnxRuntime() throws InterruptedException {
    Result result = Comparison.run(Case.named("infer b1 t1 c2"), model(Padding.KERAS), "onnxruntime", ONCE);
    assertEquals("onnxruntime", result.peer());
    assertEquals(2, result.batch());
    assertTrue(result.error() < 1e-4, "error " + result.error());
    assertThrows(IllegalArgumentException.class,
        () -> Comparison.run(Case.named("infer b1 t1 c2"), model(Padding.KERAS), "pytorch", ONCE));
  }

  @Test
  void trainingAgreesWithPyTorch() throws InterruptedException {
    Result result = Comparison.run(Case.named("train b32 t2"), model(Padding.KERAS), "pytorch", ONCE);
    System.out.printf("gradients differ by %.2g%n", result.error());
    assertEquals("pytorch", result.peer());
    assertEquals(1, result.peerRuns());
  }

  @Test
  void anotherBuildWithTheSameClassesGivesTheSameBits(@TempDir Path folder) throws Exception {
    String other = OtherBuild.write(folder.resolve("other.jar"), true).toString();
    for (String name : List.of("infer b8 t2", "train b32 t2")) {
      Result result = Comparison.run(Case.named(name), model(Padding.KERAS), other, ONCE);
      assertEquals("other build", result.peer());
      assertEquals(0, result.error(), name);
      assertEquals(name, result.name());
    }
  }

  @Test
  void anUnknownPeerIsAnError() {
    Model model = model(Padding.KERAS);
    assertThrows(IllegalArgumentException.class,
        () -> Comparison.run(Case.named("infer b1 t1"), model, "tensorflow", ONCE));
    assertThrows(IllegalArgumentException.class,
        () -> Comparison.run(Case.named("train b32 t1"), model, "onnxruntime", ONCE));
  }

  @Test
  void aResultComesBackFromItsDocument() {
    var result = new Result("infer b1 t1", 7.5, "onnxruntime", 10, 1, 80, 100, 1e-6, 20, 18);
    var document = (Map<?, ?>) Json.parse(Json.compact(result.document()));
    assertEquals(List.of("name", "lentil_ms", "peer", "peer_ms", "ratio"),
        List.copyOf(document.keySet()).subList(0, 5));
    assertEquals(0.75, document.get("ratio"));
    assertEquals(0.8, document.get("share_of_peak"));
    assertEquals(result, Result.of(document));
    assertTrue(Result.table(List.of(result)).contains("0.750"), Result.table(List.of(result)));
  }
}
