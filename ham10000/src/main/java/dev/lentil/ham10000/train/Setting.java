package dev.lentil.ham10000.train;

import dev.lentil.ham10000.data.DataFolder;
import java.util.Arrays;
import java.util.Optional;

/**
 * Everything that can be set about a training run: its key, the default, and what it means. A default is the paper's value
 * where the paper states one, elsewhere Lentil's choice (docs/training.md).
 */
enum Setting {
  DATA("data", DataFolder.path() + "/ham10000",
      "Folder with HAM10000_metadata.csv and, anywhere below it, the images (image_id.jpg)."),
  CACHE("cache", ".lentil/cache", "Folder for decoded images at the network's size; made if absent, and reused."),
  WEIGHTS("weights", DataFolder.path() + "/weights/mobilenet_v2_1.0_224_imagenet.safetensors",
      "ImageNet weights of the base: a MobileNetV2 of any program (docs/weights.md). The head is not read from it."),
  SEED("seed", "42", "Seed of the head's initial weights, the order of the images, augmentation and dropout."),
  SPLIT("split", "paper",
      "paper (70/15/15 percent of the lesions) or kfold (test is one of several folds, which together are all lesions;"
          + " validation is 15/85 of the rest)."),
  SPLIT_SEED("split.seed", "42", "Seed of the split by lesion; the paper's is 42."),
  SPLIT_FOLDS("split.folds", "5", "For split = kfold: the number of folds."),
  SPLIT_FOLD("split.fold", "1", "For split = kfold: the fold that is the test subset, counted from 1."),
  MODE("mode", "binary", "binary (benign or malignant) or seven-class (the seven diagnoses)."),
  ALPHA("alpha", "1.0", "Width of MobileNetV2; must be that of the weights."),
  RESOLUTION("resolution", "224x224", "The network's input, height x width in pixels."),
  NORMALIZATION("normalization", "x/127.5-1",
      "x/127.5-1 (to [-1,1], what the ImageNet weights expect), x/255 or (x/255-mean)/std. The paper does not say."),
  RESIZE("resize", "bilinear", "bilinear (antialiased) or nearest (Keras's image generators' default)."),
  DROPOUT("dropout", "0.3", "Dropout before the last layer."),
  CLASS_WEIGHTS("class-weights", "balanced", "balanced (n / (classes n_c) of the training images) or none."),
  ROTATION("augmentation.rotation", "20",
      "Rotation by up to this many degrees in either direction. The paper states no magnitudes."),
  HEIGHT_SHIFT("augmentation.height-shift", "0.1", "Shift by up to this fraction of the height."),
  WIDTH_SHIFT("augmentation.width-shift", "0.1", "Shift by up to this fraction of the width."),
  ZOOM("augmentation.zoom", "0.1", "Zoom of either axis between 1 - z and 1 + z."),
  HORIZONTAL_FLIP("augmentation.horizontal-flip", "true", "Whether half of the images are mirrored left to right."),
  VERTICAL_FLIP("augmentation.vertical-flip", "true", "Whether half of the images are mirrored top to bottom."),
  QUARTER_TURNS("augmentation.quarter-turns", "false",
      "Whether images are turned by 0, 90, 180 or 270 degrees, each equally often; square inputs only."),
  BRIGHTNESS("augmentation.brightness", "0", "Colours: brightness times 1 - b to 1 + b."),
  CONTRAST("augmentation.contrast", "0", "Colours: distance from mid-grey times 1 - c to 1 + c."),
  SATURATION("augmentation.saturation", "0", "Colours: distance from grey times 1 - s to 1 + s."),
  HUE("augmentation.hue", "0", "Colours: hue turned by up to this many turns in either direction, at most 0.5."),
  SAMPLING("sampling", "shuffled",
      "shuffled (every training image once per epoch) or balanced (the same number of draws, every class equally often;"
          + " usually with class-weights = none)."),
  LABEL_SMOOTHING("label-smoothing", "0", "The part of a training label that is spread evenly over the classes."),
  WEIGHT_AVERAGING("weight-averaging", "none",
      "none, or the decay of an exponential moving average of all weights, such as 0.998. The averaged weights are then"
          + " validated and kept. In step t of a stage the decay is at most (1 + t) / (10 + t)."),
  WEIGHT_DECAY("weight-decay", "0",
      "Decoupled weight decay (AdamW) of kernels: each step subtracts this times the learning rate times the kernel."),
  BATCH("batch", "32", "Images in a training batch; an epoch's last batch holds the rest."),
  STAGE1_EPOCHS("stage1.epochs", "10", "Stage 1 (base frozen, head trained): the largest number of epochs."),
  STAGE1_RATE("stage1.learning-rate", "3e-4", "Adam's learning rate in stage 1."),
  STAGE1_SCHEDULE("stage1.schedule", "constant", "constant, or cosine (to 0 over all epochs, after the warm-up)."),
  STAGE1_WARM_UP("stage1.warm-up", "1",
      "Epochs, or fractions of one, over which a cosine schedule first rises; left out if the stage is not longer."),
  STAGE2_EPOCHS("stage2.epochs", "20",
      "Stage 2 (fine-tuning from the cut): the largest number of epochs; 0 leaves out the stage."),
  STAGE2_RATE("stage2.learning-rate", "1e-5", "Adam's learning rate in stage 2."),
  STAGE2_SCHEDULE("stage2.schedule", "constant", "constant, or cosine (to 0 over all epochs, after the warm-up)."),
  STAGE2_WARM_UP("stage2.warm-up", "1",
      "Epochs, or fractions of one, over which a cosine schedule first rises; left out if the stage is not longer."),
  STAGE2_LAYER_DECAY("stage2.layer-decay", "1",
      "The learning rate of a layer in stage 2 is multiplied by this factor once for each block above it: the head has the"
          + " full rate, Conv_1 has it times the factor, block_16 times the factor squared, and so on down to Conv1."),
  STAGE2_CUT("stage2.cut", "paper-literal",
      "The base's first layer that stage 2 trains: paper-literal (layer 160, which does not exist: head only),"
          + " paper-intent (block_16), tutorial (100), full, or a layer's name or number as Keras counts."),
  ALLOW_EMPTY_CUT("stage2.allow-empty-cut", "false",
      "Whether a number beyond the last layer may freeze the whole base."),
  BATCH_NORM("batch-norm", "training",
      "Batch normalisation above the cut: training (batch statistics, as Keras), inference-statistics (moving statistics,"
          + " gamma and beta trained) or frozen. Below the cut it is always frozen."),
  BATCH_NORM_MOMENTUM("batch-norm.momentum", "0.999",
      "The share of the moving statistics that an update keeps; the default is Keras's for this network."),
  PATIENCE("early-stopping.patience", "6",
      "A stage stops after this many epochs in a row without improvement; 0 never stops."),
  MONITOR("early-stopping.monitor", "val_auc",
      "The value that must improve: val_auc (of seven classes the mean of each against the rest), val_accuracy or val_loss."),
  RESTORE_BEST("restore-best", "true",
      "Whether a stage ends with the weights of its best epoch instead of its last epoch."),
  AUC("auc", "exact", "exact, or keras (200 thresholds, for comparison with Keras)."),
  LOSS("loss", "logits",
      "logits (so does Keras on TensorFlow, which looks behind the sigmoid), or keras (from clipped probabilities, for"
          + " comparison with Keras on JAX and PyTorch; binary only)."),
  BACKEND("backend", "cpu",
      "Where to calculate: cpu, reference (float64, very slow), cuda, cuda:N (card N), or auto (a card if there is one)."),
  PRECISION("precision", "float32", "float32; on a card also tf32 or bfloat16 (activations; parameters stay float32)."),
  THREADS("threads", "all", "Number of threads, or all. The result does not depend on it."),
  EVALUATION_BATCH("evaluation.batch", "64", "Images at a time in validation; the result does not depend on it."),
  EVALUATION_VIEWS("evaluation.views", "1",
      "Views of each image over which the final evaluation averages the probabilities: 1, flips (4), or dihedral (8: flips"
          + " and quarter turns; square inputs only). Validation between epochs always uses 1."),
  EVALUATION_TEST("evaluation.test", "true",
      "Whether the test images are predicted at the end. Use false while you choose settings, that is, on validation only."),
  TARGET_SENSITIVITY("evaluation.target-sensitivity", "0.866",
      "One threshold reaches this sensitivity on validation; the default is that of dermatologists in a reader study."),
  FALSE_NEGATIVE_COST("evaluation.false-negative-cost", "10",
      "The cost of a missed malignant image in false alarms; one threshold minimises the total cost on validation."),
  CHECKPOINT_BATCHES("checkpoint.batches", "200",
      "A checkpoint is written after this many batches at the latest, and after every epoch."),
  CHECKPOINT_SECONDS("checkpoint.seconds", "60", "A checkpoint is written after this many seconds at the latest.");

  private final String key;
  private final String initial;
  private final String meaning;

  Setting(String key, String initial, String meaning) {
    this.key = key;
    this.initial = initial;
    this.meaning = meaning;
  }

  String key() {
    return key;
  }

  /** The value where none is given. */
  String initial() {
    return initial;
  }

  /** What it means, for people. */
  String meaning() {
    return meaning;
  }

  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }
}
