package dev.lentil.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link Layer} says of the walkers over a network: a switch with a default would compile with a layer that it does not know. */
class LayerSwitchesTest {
  @Test
  void noWalkerOverANetworkHasADefault() throws IOException {
    Path sources = Path.of("src/main/java/dev/lentil");
    for (String folder : List.of("nn", "plan")) {
      try (var files = Files.list(sources.resolve(folder))) {
        List<Path> all = files.filter(file -> file.toString().endsWith(".java")).toList();
        assertFalse(all.isEmpty());
        for (Path file : all) {
          List<String> lines = Files.readAllLines(file);
          assertEquals(List.of(), lines.stream().filter(line -> line.strip().startsWith("default ->")).toList(),
              file.toString());
        }
      }
    }
  }
}
