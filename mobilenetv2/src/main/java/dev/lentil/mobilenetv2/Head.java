package dev.lentil.mobilenetv2;

/**
 * The layers after MobileNetV2's features. Every head with classes ends in a dense layer of the same name, so its parameters
 * are always called {@value #KERNEL} and {@value #BIAS} in weight files.
 */
public sealed interface Head {
  /** The dense layer. */
  String DENSE = "predictions";
  /** Its kernel, {@code [features,outputs]}. */
  String KERNEL = DENSE + "/kernel";
  /** Its bias, {@code [outputs]}. */
  String BIAS = DENSE + "/bias";

  /** How many classes there are to choose from; none without a head. One output tells two classes apart. */
  int classes();

  /** None: the output is {@code out_relu}, {@code [h,w,c]}. Keras's {@code include_top=False}. */
  record Features() implements Head {
    @Override
    public int classes() {
      return 0;
    }
  }

  /** Global average pooling, dense, softmax: the ImageNet classifier. Keras's {@code include_top=True}. */
  record Classifier(int classes) implements Head {
    public Classifier {
      requireClasses(classes, 2);
    }
  }

  /**
   * The head of transfer learning: global average pooling, dropout, dense, and a sigmoid for one output (two classes)
   * or a softmax for several. Source: Sari and Irawan 2026, model section.
   *
   * @param outputs 1 for benign against malignant, otherwise the number of classes
   * @param dropout the rate, 0.3 in the paper
   */
  record Transfer(int outputs, double dropout) implements Head {
    /** The paper's dropout rate. */
    public static final double PAPER_DROPOUT = 0.3;

    public Transfer {
      requireClasses(outputs, 1);
    }

    @Override
    public int classes() {
      return Math.max(2, outputs);
    }
  }

  /** The paper's head: dropout 0.3, one sigmoid output. */
  static Head binary() {
    return new Transfer(1, Transfer.PAPER_DROPOUT);
  }

  /** The paper's head with a softmax over several classes instead. */
  static Head categories(int classes) {
    requireClasses(classes, 2);
    return new Transfer(classes, Transfer.PAPER_DROPOUT);
  }

  private static void requireClasses(int classes, int least) {
    if (classes < least) {
      throw new IllegalArgumentException("a head of " + classes + " classes; it must have at least " + least);
    }
  }
}
