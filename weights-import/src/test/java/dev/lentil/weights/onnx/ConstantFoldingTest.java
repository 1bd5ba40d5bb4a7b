package dev.lentil.weights.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.safetensors.Dtype;
import dev.lentil.weights.store.GraphNode;
import dev.lentil.weights.store.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConstantFoldingTest {
  private static StoredTensor tensor(String name, long... values) {
    return StoredTensor.of(Path.of("x.onnx"), name, Dtype.I64, List.of((long) values.length),
        MemorySegment.ofArray(values), ByteOrder.nativeOrder());
  }

  private static long[] numbers(String text) {
    return Stream.of(text.strip().split(" ")).mapToLong(Long::parseLong).toArray();
  }

  private static GraphNode node(String type, List<String> inputs, String output) {
    return new GraphNode(type, "", inputs, List.of(output), Map.of());
  }

  /** By how much a Pad pads that reads the last operation's output; empty text where that is not known. */
  private static String pads(List<GraphNode> operations, List<StoredTensor> constants) {
    var nodes = new ArrayList<>(operations);
    nodes.add(node("Pad", List.of("image", operations.getLast().output()), "padded"));
    var initialisers = new LinkedHashMap<String, StoredTensor>();
    constants.forEach(tensor -> initialisers.put(tensor.name(), tensor));
    return ConstantFolding.of(nodes, initialisers).getLast().wholes("pads").stream().map(String::valueOf)
        .collect(Collectors.joining(" "));
  }

  /** Operands with semicolons between them, and what comes of them; nothing where it cannot be told. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"Add|1 2 3;10|11 12 13", "Add|10;1 2 3|11 12 13", "Sub|5 6;1 2|4 4",
      "Sub|9;1 2|8 7", "Mul|2 3;4|8 12", "Add|1 2 3;1 2|''", "Gather|5 6 7;1|6", "Gather|5 6 7;-1|7",
      "Gather|5 6 7;0|5", "Gather|5 6 7;3|''", "Gather|5 6 7;-4|''", "Concat|1 2;3;4 5|1 2 3 4 5", "Cast|1 2|1 2",
      "Shape|7 8 9|3",
      "ConstantOfShape|3|0 0 0", "ConstantOfShape|-1|''", "Slice|1 2 3 4;1;3|2 3", "Slice|1 2 3 4;0;-1|1 2 3",
      "Slice|1 2 3 4;-2;99;0|3 4", "Slice|1 2 3 4;-1;-99;0;-1|4 3 2 1", "Slice|1 2 3 4;3;1;0;-2|4",
      "Slice|1 2 3 4;0;4;1|''", "Slice|1 2 3 4;0;4;0;0|''", "Reshape|1 2 3 4;2 -1|1 2 3 4", "Reshape|1 2 3 4;3 -1|''",
      "Exp|1 2|''"})
  void operations(String type, String operands, String expected) {
    String[] texts = operands.split(";");
    List<StoredTensor> constants =
        IntStream.range(0, texts.length).mapToObj(i -> tensor("c" + i, numbers(texts[i]))).toList();
    assertEquals(expected,
        pads(List.of(node(type, constants.stream().map(StoredTensor::name).toList(), "y")), constants));
  }

  /** As PyTorch's exporter turns left, right, top, bottom of ZeroPad2d to the beginnings and ends of all axes. */
  @Test
  void paddingOfPyTorch() {
    assertEquals("0 0 3 1 0 0 4 2", pads(List.of(node("ConstantOfShape", List.of("missing"), "zeros"),
        node("Concat", List.of("sides", "zeros"), "all"), node("Reshape", List.of("all", "pairs"), "rows"),
        node("Slice", List.of("rows", "-1", "-99", "0", "-1"), "reversed"),
        node("Transpose", List.of("reversed"), "columns"), node("Reshape", List.of("columns", "-1"), "flat")),
        List.of(tensor("missing", 4), tensor("sides", 1, 2, 3, 4), tensor("pairs", -1, 2), tensor("-1", -1),
            tensor("-99", -99), tensor("0", 0))));
  }

  @Test
  void whatDependsOnTheInputIsNotKnown() {
    assertEquals("", pads(List.of(node("Shape", List.of("image"), "y"), node("Mul", List.of("y", "two"), "z")),
        List.of(tensor("two", 2))));
  }
}
