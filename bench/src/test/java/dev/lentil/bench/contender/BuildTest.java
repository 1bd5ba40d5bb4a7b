package dev.lentil.bench.contender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildTest {
  @Test
  void aBuildIsAJarOrAProjectsFolder(@TempDir Path folder) throws IOException {
    assertEquals(Optional.empty(), Build.jar("onnxruntime"));
    var none = assertThrows(UserError.class, () -> Build.jar(folder.toString()));
    assertTrue(none.getMessage().contains("./lentil doctor"), none.getMessage());

    Path jar = OtherBuild.write(folder.resolve(".lentil/lentil.jar"), true);
    assertEquals(Optional.of(jar), Build.jar(folder.toString()));
    assertEquals(Optional.of(jar), Build.jar(jar.toString()));
  }

  @Test
  void oneWhoseEngineIsAnotherIsToldInOneLine(@TempDir Path folder) throws IOException {
    Path model = Files.createFile(folder.resolve("model.safetensors"));
    try (var other = Build.of(OtherBuild.write(folder.resolve("other.jar"), false))) {
      var error = assertThrows(UserError.class, () -> other.inference(model, 1, 1, 1));
      assertTrue(error.getMessage().startsWith("the other build has not the API"), error.getMessage());
    }
  }

  @Test
  void whatFailsInItsLoaderSaysWhy(@TempDir Path folder) throws IOException {
    Path model = Files.createFile(folder.resolve("model.safetensors"));
    try (var other = Build.of(OtherBuild.write(folder.resolve("other.jar"), true))) {
      var error = assertThrows(IllegalStateException.class, () -> other.inference(model, 1, 1, 1));
      assertTrue(error.getMessage().contains(model.toString()), error.getMessage());
    }
  }
}
