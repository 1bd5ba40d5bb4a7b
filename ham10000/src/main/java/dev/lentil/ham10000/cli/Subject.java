package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.image.ImageDecoder;
import dev.lentil.ham10000.train.LesionModel;
import dev.lentil.mobilenetv2.Answer;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.image.Framing;
import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.nn.Nearest;
import dev.lentil.weights.WeightFile;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A network that is to be explained, a run's or any with classes.
 *
 * @param answers what may be asked for, by name
 * @param usual what is asked for unless something else is; absent where it is the likeliest class
 * @param image a photograph as the network is shown it
 */
record Subject(Model model, Map<String, Answer> answers, Optional<String> usual, Function<Path, RgbImage> image) {
  private static final int SUGGESTIONS = 3;
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");

  /** Whether it is a network of lesions, which says itself what its classes are called and how it is shown a photograph. */
  boolean ofLesions() {
    return usual.isPresent();
  }

  /** An answer and what it is called. */
  record Named(String name, Answer answer) {}

  /**
   * @param weights of a run or of any program
   * @throws UserError if they have no classes
   */
  static Subject open(Path weights, Optional<Path> labels, Framing framing) {
    Model model = WeightFile.open(weights).model();
    if (LesionModel.is(model)) {
      return ofLesions(LesionModel.of(weights, model));
    }
    Head head = model.architecture().head();
    ClassNames names = ClassNames.find(labels, weights, head);
    var answers = new LinkedHashMap<String, Answer>();
    // some of ImageNet's names stand for two classes
    IntStream.range(0, head.classes()).forEach(i -> answers.putIfAbsent(
        answers.containsKey(names.name(i)) ? names.name(i) + " (" + i + ")" : names.name(i), Answer.of(i)));
    return new Subject(model, answers, Optional.empty(), photo -> framing.to(ImageDecoder.decode(photo),
        model.architecture().height(), model.architecture().width()));
  }

  private static Subject ofLesions(LesionModel lesion) {
    return new Subject(lesion.model(), lesion.answers(), Optional.of(LesionModel.MALIGNANT), lesion::image);
  }

  /**
   * The answer to explain.
   *
   * @param asked a name or a number, as on the command line
   * @throws UserError naming the nearest names, if there is no such class
   */
  Named answer(Optional<String> asked, double[] logits) {
    String wanted = asked.or(() -> usual).orElseGet(() -> name(likeliest(logits)));
    if (answers.containsKey(wanted)) {
      return new Named(wanted, answers.get(wanted));
    }
    if (NUMBER.matcher(wanted).matches()) {
      int classes = model.architecture().head().classes();
      var number = new BigInteger(wanted);
      if (number.signum() < 0 || number.compareTo(BigInteger.valueOf(classes)) >= 0) {
        throw new UserError("--class " + wanted + ": the network has no class of this number; they are 0 to "
            + (classes - 1));
      }
      return new Named(name(number.intValue()), Answer.of(number.intValue()));
    }
    throw new UserError("--class " + wanted + ": the network has no class of this name; the nearest are '"
        + String.join("', '", Nearest.to(wanted, answers.keySet(), SUGGESTIONS)) + "'. A class's number works too.");
  }

  /** The name of one class. */
  String name(int index) {
    return answers.entrySet().stream().filter(entry -> entry.getValue().equals(Answer.of(index)))
        .map(Map.Entry::getKey).findFirst().orElseThrow();
  }

  private static int likeliest(double[] logits) {
    if (logits.length == 1) {
      return logits[0] > 0 ? 1 : 0;
    }
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
