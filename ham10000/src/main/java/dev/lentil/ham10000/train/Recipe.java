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

  /**
   * The recipe of a name.
   *
   * @throws UserError listing all names if there is none
   */
  public static Recipe of(String name) {
    return Arrays.stream(values()).filter(recipe -> recipe.toString().equals(name)).findFirst()
        .orElseThrow(() -> new UserError("there is no recipe '" + name + "'; use one of " + Arrays.stream(values())
            .map(Recipe::toString).collect(Collectors.joining(", ")) + ", or a file of your own with --config"));
  }

  /** Where a run is and how fast it is made, its seed, and whether it was judged on test, are not of a recipe. */
  private static final Set<Setting> FREE = EnumSet.of(Setting.DATA, Setting.CACHE, Setting.WEIGHTS, Setting.SEED,
      Setting.BACKEND, Setting.THREADS, Setting.EVALUATION_BATCH, Setting.EVALUATION_TEST, Setting.CHECKPOINT_BATCHES,
      Setting.CHECKPOINT_SECONDS);

  /**
   * The recipe that a configuration is of.
   *
   * @throws UserError if it is of none, naming the settings that differ from the nearest
   */
  public static Recipe of(TrainingConfig config) {
    Recipe nearest =
        Arrays.stream(values()).min(Comparator.comparingInt(recipe -> recipe.differences(config).size())).orElseThrow();
    if (!nearest.differences(config).isEmpty()) {
      throw new UserError("the settings are those of no recipe; nearest is " + nearest + ", where "
          + String.join(", ", nearest.differences(config)));
    }
    return nearest;
  }

  private List<String> differences(TrainingConfig config) {
    Map<String, String> other = config.asMap();
    return TrainingConfig.of(Optional.of(this), List.of(), List.of()).asMap().entrySet().stream()
        .filter(setting -> !FREE.contains(Setting.ofKey(setting.getKey()).orElseThrow()))
        .filter(setting -> !setting.getValue().equals(other.get(setting.getKey())))
        .map(setting -> setting.getKey() + " is " + setting.getValue() + " and not " + other.get(setting.getKey()))
        .toList();
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
