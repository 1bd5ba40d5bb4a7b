package dev.lentil.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class TensorDifferenceTest {
  private static List<TensorDifference> between(Map<String, Tensor> a, Map<String, Tensor> b) {
    return TensorDifference.between(a, b, Function.identity());
  }

  @Test
  void everyKind() {
    Tensor three = Tensor.of(Shape.of(3), 0f, 3f, 4f);
    var differences = between(
        Map.of("a", three, "b", three, "c", three, "d", three),
        Map.of("b", Tensor.of(Shape.of(3, 1), 0f, 3f, 4f), "c", Tensor.of(Shape.of(3), 0f, 3f, 4.5f), "d", three, "e",
            three));
    assertEquals(List.of(new TensorDifference("a", new TensorDifference.OnlyInFirst()),
        new TensorDifference("b", new TensorDifference.Shapes("[3]", "[3,1]")),
        new TensorDifference("c", new TensorDifference.Values(1, 0.5, 0.1)),
        new TensorDifference("e", new TensorDifference.OnlyInSecond())), differences);
  }

  @Test
  void notANumberEqualsItselfAlone() {
    Tensor nan = Tensor.of(Shape.of(2), Float.NaN, -0f);
    assertEquals(List.of(), between(Map.of("a", nan), Map.of("a", Tensor.of(Shape.of(2), Float.NaN, 0f))));
    var kind = (TensorDifference.Values) between(Map.of("a", nan), Map.of("a", Tensor.of(Shape.of(2), 1f, 0f)))
        .getFirst().kind();
    assertEquals(1, kind.count());
    assertEquals(Double.POSITIVE_INFINITY, kind.largest());
  }
}
