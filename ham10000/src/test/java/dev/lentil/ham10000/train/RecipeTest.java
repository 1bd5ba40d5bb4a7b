package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecipeTest {
  @Test
  void theFolderHoldsTheRecipesAndNoOthers() throws IOException {
    try (var files = Files.list(Path.of("recipes"))) {
      assertEquals(Arrays.stream(Recipe.values()).map(recipe -> recipe + ".properties").collect(Collectors.toSet()),
          new HashSet<>(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".properties"))
              .toList()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachIsAConfigurationAndTheFileItself(Recipe recipe) {
    var config = TrainingConfig.of(Optional.of(recipe), List.of(), List.of());
    Path file = Path.of("recipes", recipe + ".properties");
    assertEquals(TrainingConfig.of(List.of(file), List.of()).asMap(), config.asMap());
    assertEquals(config.asMap(), TrainingConfig.of(Optional.of(Recipe.of(recipe.toString())), List.of(), List.of())
        .asMap());
  }

  @Test
  void thePapersDifferFromTheDefaultsInTheCutAlone() {
    for (var recipe : List.of(Recipe.PAPER_LITERAL, Recipe.PAPER_INTENT, Recipe.TUTORIAL, Recipe.FULL)) {
      assertEquals(TrainingConfig.of(List.of(), List.of("stage2.cut=" + recipe)).asMap(),
          TrainingConfig.of(Optional.of(recipe), List.of(), List.of()).asMap());
    }
  }

  @Test
  void whatComesLaterCounts() {
    var config = TrainingConfig.of(Optional.of(Recipe.BEST), List.of(), List.of("resolution=96x96"));
    assertEquals(new TrainingConfig.Resolution(96, 96), config.resolution());
    assertEquals("full", config.cut());
  }

  @Test
  void anUnknownNameListsThem() {
    var e = assertThrows(UserError.class, () -> Recipe.of("good"));
    assertTrue(e.getMessage().contains("'good'") && e.getMessage().contains("paper-intent"), e.getMessage());
  }
}
