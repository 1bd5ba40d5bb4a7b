package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.evaluate.ExamplePredictions;
import dev.lentil.train.Schedule;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportRowsTest {
  private static TrainingConfig config(String... settings) {
    return TrainingConfig.of(List.of(), List.of(settings));
  }

  @Test
  void theTrainingLossIsToldAsItWasConfigured() {
    assertEquals("The training loss is weighted by class, the validation loss is not.",
        ReportRows.trainingLoss(config()));
    assertEquals("The training loss is of smoothed labels, the validation loss is not.",
        ReportRows.trainingLoss(config("class-weights=none", "label-smoothing=0.1")));
    assertEquals("The training loss is weighted by class and of smoothed labels, the validation loss is neither.",
        ReportRows.trainingLoss(config("label-smoothing=0.1")));
    assertEquals("Neither loss is weighted by class, and no label is smoothed.",
        ReportRows.trainingLoss(config("class-weights=none")));
  }

  @Test
  void aStagesTrainingIsToldAsItIsWritten() {
    assertEquals("Adam, learning rate 3e-4, at most 10 epochs",
        ReportRows.training(new Schedule.Constant(3e-4), 0, 10));
    assertEquals("AdamW with a weight decay of 0.05, learning rate 2.5e-4, falling along a cosine, at most 1 epoch",
        ReportRows.training(new Schedule.CosineWithWarmUp(2.5e-4, 0, 10, 100), 0.05, 1));
  }

  @Test
  void imagesAreCalledAugmentedOnlyWhereTheyAre() {
    assertTrue(ReportRows.preprocessingStep(config()).detail().endsWith("; training images augmented"));
    var none = config("augmentation.rotation=0", "augmentation.height-shift=0", "augmentation.width-shift=0",
        "augmentation.zoom=0", "augmentation.horizontal-flip=false", "augmentation.vertical-flip=false");
    assertFalse(ReportRows.preprocessingStep(none).detail().contains("augmented"));
  }

  @Test
  void aFoldIsCalledOne() {
    var split = ExamplePredictions.split();
    assertTrue(ReportRows.splitStep(split, config()).detail().endsWith(" test, seed 42"));
    assertTrue(ReportRows.splitStep(split, config("split=kfold", "split.folds=3", "split.fold=2")).detail()
        .endsWith(" test, fold 2 of 3, seed 42"));
  }

  @Test
  void theSummaryNamesTheWeightsAndTheStages() {
    assertEquals(
        "Transfer learning after Sari and Irawan 2026, from the weights own.safetensors, in two stages, the second "
            + "with the cut tutorial.",
        HamPresentation.summary(config("weights=a/own.safetensors", "stage2.cut=tutorial")));
    assertEquals(
        "Transfer learning after Sari and Irawan 2026, from the weights own.safetensors, in one stage: the head "
            + "alone.",
        HamPresentation.summary(config("weights=a/own.safetensors", "stage2.epochs=0")));
  }
}
