package dev.lentil.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void fewestChangesFirst() {
    var names = List.of("block_1_add", "block_2_add", "Conv1", "out_relu");
    assertEquals(List.of("block_2_add", "block_1_add"), Nearest.to("blok_2_add", names, 2));
    assertEquals(List.of("Conv1"), Nearest.to("conv", names, 1));
    assertEquals(names.size(), Nearest.to("", names, 9).size());
  }
}
