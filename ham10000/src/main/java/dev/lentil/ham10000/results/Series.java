package dev.lentil.ham10000.results;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.train.Recipe;
import dev.lentil.ham10000.train.TrainingConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What the seeds of one group of runs have in common: a recipe, or a variant of one.
 *
 * @param name the recipe's, or that of the folder in which the runs of a variant are
 * @param changes the settings of a variant that are not the recipe's, {@code key=value}; none of the recipe itself
 */
record Series(String name, Recipe recipe, List<String> changes) {
  /**
   * That of a run.
   *
   * @param run its folder
   * @throws UserError if it is of no recipe and the folder around it cannot give a variant its name
   */
  static Series of(Path run, TrainingConfig config) {
    var nearest = Recipe.nearest(config);
    if (nearest.changes().isEmpty()) {
      return new Series(nearest.recipe().toString(), nearest.recipe(), List.of());
    }
    Path around = run.toAbsolutePath().normalize().getParent().getFileName();
    String name = around == null ? "" : around.toString();
    if (name.isEmpty() || name.startsWith(".") || name.equals(QuotedAblations.FOLDER)
        || Arrays.stream(Recipe.values()).anyMatch(recipe -> recipe.toString().equals(name))) {
      throw new UserError(run + ": its settings are those of no recipe; nearest is " + nearest.recipe() + ", with "
          + String.join(" ", nearest.changes()) + ". A variant has the name of the folder that its runs are in, which '"
          + name + "' cannot be; put them in another, such as " + nearest.recipe() + "-changed");
    }
    return new Series(name, nearest.recipe(), nearest.changes());
  }

  boolean isRecipe() {
    return changes.isEmpty();
  }

  /** Whether the other is a variant of this recipe. */
  boolean isRecipeOf(Series other) {
    return isRecipe() && !other.isRecipe() && recipe.equals(other.recipe);
  }

  /** The recipe and what is changed of it. */
  String settings() {
    return "recipe " + recipe + (isRecipe() ? "" : " with " + String.join(" ", changes));
  }

  /** The name of a run, which is where the folder of results has it. */
  String run(long seed) {
    return name + "/" + Results.SEED + seed;
  }
}
