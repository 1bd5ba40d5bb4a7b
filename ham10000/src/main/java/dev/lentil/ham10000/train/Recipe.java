package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The configuration files that come with Lentil: {@code ham10000/recipes/NAME.properties} of the sources. */
public enum Recipe {
  PAPER_LITERAL, PAPER_INTENT, TUTORIAL, FULL, BEST, SEVEN_CLASS;

  private static final String FOLDER = "/dev/lentil/ham10000/recipes/";

  /** Where a run is and how fast it is made, its seed, and whether it was judged on test, are not of a recipe. */
  private static final Set<Setting> FREE = EnumSet.of(Setting.DATA, Setting.CACHE, Setting.WEIGHTS, Setting.SEED,
      Setting.BACKEND, Setting.THREADS, Setting.EVALUATION_BATCH, Setting.EVALUATION_TEST, Setting.CHECKPOINT_BATCHES,
      Setting.CHECKPOINT_SECONDS);

  /**
   * The recipe of a name.
   *
   * @throws UserError listing all names if there is none
   */
  public static Recipe of(String name) {
    return Arrays.stream(values()).filter(recipe -> recipe.toString().equals(name)).findFirst()
        .orElseThrow(() -> new UserError("there is no recipe '" + name + "'; use one of " + Arrays.stream(values())
            .map(Recipe::toString).collect(Collectors.joining(", "))));
  }

  /**
   * How a configuration is told by a recipe.
   *
   * @param recipe the one with the fewest settings of another value
   * @param changes those settings, {@code key=value} of the configuration; none where it is of the recipe itself
   */
  public record Nearest(Recipe recipe, List<String> changes) {}

  /** The recipe that a configuration is of, or else the one that it is like. */
  public static Nearest nearest(TrainingConfig config) {
    return Arrays.stream(values()).map(recipe -> new Nearest(recipe, recipe.changes(config)))
        .min(Comparator.comparingInt(nearest -> nearest.changes.size())).orElseThrow();
  }

  private List<String> changes(TrainingConfig config) {
    Map<String, String> own = TrainingConfig.of(Optional.of(this), List.of(), List.of()).asMap();
    return config.asMap().entrySet().stream()
        .filter(setting -> !FREE.contains(Setting.ofKey(setting.getKey()).orElseThrow()))
        .filter(setting -> !setting.getValue().equals(own.get(setting.getKey())))
        .map(setting -> setting.getKey() + "=" + setting.getValue()).toList();
  }

  /** The file's text. */
  String text() {
    String file = FOLDER + this + ".properties";
    try (var in = Recipe.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is not in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The name as on the command line: paper-literal. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
