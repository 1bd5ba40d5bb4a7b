package dev.lentil.ham10000.results;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.evaluate.Patient;
import dev.lentil.ham10000.evaluate.Prediction;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import dev.lentil.ham10000.evaluate.ProbabilitiesFile;
import dev.lentil.ham10000.train.RunFolder;
import dev.lentil.ham10000.train.Runs;
import dev.lentil.ham10000.train.TrainingConfig;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The predictions of a run or an ensemble, as its own folder holds them or as the folder of results keeps them: without lesions,
 * diagnoses and labels, which are the data set's and come from its metadata.
 */
public final class QuotedPredictions {
  /** Decimals of the seven classes' probabilities; that of malignancy is kept as it is, since figures hang on its order. */
  private static final int CLASS_DECIMALS = 4;

  private QuotedPredictions() {}

  /**
   * Reads the predictions in either folder.
   *
   * @param metadata asked for where they are kept without what it says
   * @throws UserError also if it is a run that is not finished, whose predictions are those of a part of it
   */
  public static Predictions readIn(Path folder, Supplier<Metadata> metadata) {
    if (!areKept(folder)) {
      if (Runs.isRun(folder)) {
        Runs.requireFinished(folder);
      }
      return PredictionsFile.readIn(folder);
    }
    Path run = Files.exists(RunFolder.config(folder)) ? folder : QuotedEnsemble.runs(folder).getFirst();
    return readIn(folder, Runs.configOf(run), metadata.get());
  }

  /**
   * Reads the predictions in either folder, as they are kept.
   *
   * @param config of the run, or of one of the ensemble's
   * @throws UserError also if a run's folder says of an image what the metadata does not
   */
  static Predictions readIn(Path folder, TrainingConfig config, Metadata metadata) {
    Split split = config.split(metadata);
    if (areKept(folder)) {
      return inOrderOf(split, ProbabilitiesFile.read(folder.resolve(ProbabilitiesFile.FILE_NAME), metadata, split));
    }
    Predictions own = small(PredictionsFile.readIn(folder));
    requireSaidBy(metadata, split, own, folder.resolve(PredictionsFile.FILE_NAME));
    return inOrderOf(split, own);
  }

  /** Validation, then test, each in the order of the metadata, as runs write them: resamples go by it. */
  private static Predictions inOrderOf(Split split, Predictions predictions) {
    var rows = predictions.rows().stream().collect(Collectors.toMap(Prediction::imageId, Function.identity()));
    return new Predictions(predictions.task(),
        Stream.of(Subset.VALIDATION, Subset.TEST).flatMap(subset -> split.of(subset).stream())
            .map(member -> rows.get(member.imageId())).filter(Objects::nonNull).toList());
  }

  private static boolean areKept(Path folder) {
    return Files.exists(folder.resolve(ProbabilitiesFile.FILE_NAME))
        && !Files.exists(folder.resolve(PredictionsFile.FILE_NAME));
  }

  /** Otherwise what is kept would be something else when it is read again. */
  private static void requireSaidBy(Metadata metadata, Split split, Predictions own, Path file) {
    var members = split.members().stream().collect(Collectors.toMap(Split.Member::imageId, Function.identity()));
    for (Prediction row : own.rows()) {
      Split.Member member = members.get(row.imageId());
      String said = said(row.lesionId(), row.diagnosis().code(), row.subset());
      String expected = member == null
          ? "not there"
          : said(member.row().lesionId(), member.row().diagnosis().code(), member.subset());
      if (!said.equals(expected)) {
        throw new UserError(file + ": image " + row.imageId() + " is " + said + ", and by " + metadata.file() + " "
            + expected + "; --data must name the folder of the data set that the run was trained on");
      }
    }
  }

  private static String said(String lesion, String diagnosis, Subset subset) {
    return "of lesion " + lesion + ", " + diagnosis + ", in " + subset;
  }

  /** The predictions without what the figures of the page do not need: fewer bytes, and nothing of patients. */
  static Predictions small(Predictions predictions) {
    return new Predictions(predictions.task(), predictions.rows().stream()
        .filter(row -> row.subset() != Subset.TRAIN)
        .map(row -> new Prediction(row.imageId(), row.lesionId(), row.diagnosis(), Patient.UNKNOWN, row.subset(),
            row.probability(), row.classProbabilities().stream().map(QuotedPredictions::rounded).toList()))
        .toList());
  }

  private static double rounded(double probability) {
    return BigDecimal.valueOf(probability).setScale(CLASS_DECIMALS, RoundingMode.HALF_EVEN).doubleValue();
  }

  /** The predictions of malignancy alone, which those of every task have. */
  static Predictions malignancy(Predictions predictions) {
    return new Predictions(Task.BINARY, predictions.rows().stream().map(row -> new Prediction(row.imageId(),
        row.lesionId(), row.diagnosis(), row.patient(), row.subset(), row.probability(), List.of())).toList());
  }
}
