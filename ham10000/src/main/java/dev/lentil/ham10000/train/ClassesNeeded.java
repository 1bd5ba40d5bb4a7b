package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import dev.lentil.train.Monitor;

/** Whether each subset has images of the classes without which a run cannot come to its end: known before hours of training. */
final class ClassesNeeded {
  private ClassesNeeded() {}

  /**
   * @throws UserError naming the first class and subset that do not suffice
   */
  static void require(Split split, TrainingConfig config) {
    require(split, Subset.TRAIN, "nothing could be learnt of it", "");
    // the AUC of several classes is the mean of each against the rest
    boolean each = config.stopping().monitor() == Monitor.VAL_AUC;
    require(each ? split : split.labelled(Task.BINARY), Subset.VALIDATION, "the validation AUC would be no number",
        each && split.task() == Task.SEVEN_CLASS
            ? ", or watch another number with " + Setting.MONITOR.key() + " = val_loss"
            : "");
    if (config.evaluatesTest()) {
      require(split.labelled(Task.BINARY), Subset.TEST, "the evaluation needs benign and malignant ones",
          ", or leave the test images alone with " + Setting.EVALUATION_TEST.key() + " = false");
    }
  }

  private static void require(Split split, Subset subset, String why, String also) {
    int[] counts = split.counts(subset);
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] == 0) {
        int wanted = label;
        long all = split.members().stream().filter(member -> member.label() == wanted).count();
        throw new UserError("the " + (subset == Subset.TRAIN ? "training" : subset) + " subset has no image of class "
            + split.task().labels().get(label) + " (the data has " + all + "), and " + why + "; add lesions of it"
            + (all == 0 ? "" : ", or try another " + Setting.SPLIT_SEED.key())
            + (split.task() == Task.SEVEN_CLASS ? ", or use " + Setting.MODE.key() + " = " + Task.BINARY : "") + also);
      }
    }
  }
}
