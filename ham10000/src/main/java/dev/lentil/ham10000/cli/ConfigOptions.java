package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.Recipe;
import dev.lentil.ham10000.train.TrainingConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a run is configured by: a mixin for every command that trains. */
final class ConfigOptions {
  @Option(names = "--config", paramLabel = "FILE",
      description = "Configuration file; settings that it omits have their defaults.")
  private Optional<Path> config = Optional.empty();

  @Option(names = "--preset", paramLabel = "NAME", converter = RecipeConverter.class,
      description = "Start from a recipe that comes with Lentil: paper-literal, paper-intent, tutorial, full, best or"
          + " seven-class (docs/training.md).")
  private Optional<Recipe> preset = Optional.empty();

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Change one setting; may be repeated.")
  private List<String> assignments = new ArrayList<>();

  /** {@code paper-literal} and the others. */
  private static final class RecipeConverter extends NamedConverter<Recipe> {
    RecipeConverter() {
      super(Recipe.values());
    }
  }

  Optional<Recipe> recipe() {
    return preset;
  }

  List<Path> files() {
    return config.stream().toList();
  }

  List<String> assignments() {
    return assignments;
  }

  /**
   * Recipe, then file, then assignments.
   *
   * @param all the assignments, with those of other options
   */
  TrainingConfig read(List<String> all) {
    return TrainingConfig.of(recipe(), files(), all);
  }
}
