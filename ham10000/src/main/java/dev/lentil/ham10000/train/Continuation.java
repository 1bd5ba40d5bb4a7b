package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UserError;
import dev.lentil.train.Position;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Which settings of a run may change when it goes on from a checkpoint, or begins with another's first stage. */
final class Continuation {
  /** They lead to the same result; the data behind a changed path is compared with {@link Inputs}. */
  private static final Set<Setting> WITHOUT_EFFECT = EnumSet.of(Setting.DATA, Setting.CACHE, Setting.WEIGHTS,
      Setting.THREADS, Setting.EVALUATION_BATCH, Setting.CHECKPOINT_BATCHES, Setting.CHECKPOINT_SECONDS);

  /** They lead elsewhere, which is what they are changed for. */
  private static final Set<Setting> WITH_EFFECT = EnumSet.of(Setting.STAGE1_EPOCHS, Setting.STAGE1_RATE,
      Setting.STAGE2_EPOCHS, Setting.STAGE2_RATE, Setting.PATIENCE, Setting.BACKEND, Setting.PRECISION,
      Setting.TARGET_SENSITIVITY, Setting.FALSE_NEGATIVE_COST);

  /** What is of no account before the end of stage 1. */
  private static final Set<Setting> AFTER_STAGE_1 = EnumSet.of(Setting.STAGE2_EPOCHS, Setting.STAGE2_RATE,
      Setting.STAGE2_SCHEDULE, Setting.STAGE2_WARM_UP, Setting.STAGE2_LAYER_DECAY, Setting.STAGE2_CUT,
      Setting.ALLOW_EMPTY_CUT, Setting.EVALUATION_TEST, Setting.EVALUATION_VIEWS, Setting.TARGET_SENSITIVITY,
      Setting.FALSE_NEGATIVE_COST);

  private Continuation() {}

  /** Whether another value of a setting leads to another result. */
  static boolean hasEffect(String key) {
    return !WITHOUT_EFFECT.contains(Setting.ofKey(key).orElseThrow());
  }

  /**
   * What changed and has an effect, a line for each setting.
   *
   * @throws UserError about the first setting that may not change
   */
  static List<String> changes(TrainingConfig before, TrainingConfig now) {
    return changes(before, now, WITH_EFFECT,
        key -> "a run that has begun cannot go on with another " + key
            + "; start a new one for it. These may change: ");
  }

  /**
   * The same for a run that begins with the first stage of another.
   *
   * @throws UserError about the first setting that would have made another first stage
   */
  static List<String> changesAfterFirstStage(Path other, TrainingConfig before, TrainingConfig now) {
    return changes(before, now, AFTER_STAGE_1,
        key -> other + " trained its stage 1 with another " + key + ". These may differ: ");
  }

  /**
   * Requires that what changed is ahead of a run: otherwise the configuration would say what was never trained.
   *
   * @param at where the run stands
   * @throws UserError about the first setting that is of a stage that is done, or if a stage shall have fewer epochs than it has
   */
  static void requireAhead(TrainingConfig before, TrainingConfig now, Position at) {
    int stages = now.stage2().epochs() > 0 ? 2 : 1;
    Map<Setting, Integer> lastStage = Map.of(Setting.STAGE1_EPOCHS, 1, Setting.STAGE1_RATE, 1, Setting.STAGE2_EPOCHS, 2,
        Setting.STAGE2_RATE, 2, Setting.PATIENCE, stages);
    Map<String, String> old = before.asMap();
    now.asMap().forEach((key, value) -> {
      Integer stage = lastStage.get(Setting.ofKey(key).orElseThrow());
      if (stage != null && at.stage() > stage && !value.equals(old.get(key))) {
        throw new UserError(key + " " + old.get(key) + " -> " + value + ": stage " + stage
            + " of this run is done, and is not trained again; leave it as it is, or start a new run for it");
      }
    });
    int begun = at.batch() > 0 ? at.epoch() : at.epoch() - 1;
    int wanted = at.stage() == 1 ? now.stage1().epochs() : now.stage2().epochs();
    if (at.stage() <= 2 && wanted < begun) {
      throw new UserError((at.stage() == 1 ? Setting.STAGE1_EPOCHS : Setting.STAGE2_EPOCHS).key() + " " + wanted
          + ": this run has begun epoch " + begun + " of stage " + at.stage() + "; leave it at " + begun
          + " or more, or start a new run");
    }
  }

  /** @param refusal for a key, to be followed by those that may change */
  private static List<String> changes(TrainingConfig before, TrainingConfig now, Set<Setting> withEffect,
      UnaryOperator<String> refusal) {
    Map<String, String> old = before.asMap();
    var changes = new ArrayList<String>();
    now.asMap().forEach((key, value) -> {
      if (!value.equals(old.get(key))) {
        Setting setting = Setting.ofKey(key).orElseThrow();
        String change = key + " " + old.get(key) + " -> " + value;
        if (withEffect.contains(setting)) {
          changes.add(change);
        } else if (!WITHOUT_EFFECT.contains(setting)) {
          throw new UserError(change + ": " + refusal.apply(key) + keys(withEffect)
              + ", and without an effect on the result " + keys(WITHOUT_EFFECT));
        }
      }
    });
    return List.copyOf(changes);
  }

  private static String keys(Set<Setting> settings) {
    return settings.stream().map(Setting::key).collect(Collectors.joining(", "));
  }
}
