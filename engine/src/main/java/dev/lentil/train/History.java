package dev.lentil.train;

import java.util.List;

/** The epochs of a run as a CSV file, written the same way everywhere: full precision, decimal points, LF. */
public final class History {
  private static final String HEADER =
      "stage,epoch,learning_rate,loss,accuracy,auc,val_loss,val_accuracy,val_auc,seconds";

  private History() {}

  public static String csv(List<EpochRecord> epochs) {
    var text = new StringBuilder(HEADER).append('\n');
    for (EpochRecord e : epochs) {
      text.append(e.stage()).append(',').append(e.epoch()).append(',').append(e.learningRate()).append(',');
      append(text, e.training());
      append(text, e.validation());
      text.append(e.seconds()).append('\n');
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Metrics m) {
    text.append(m.loss()).append(',').append(m.accuracy()).append(',').append(m.auc()).append(',');
  }

  /**
   * Reads back, exactly, what {@link #csv} wrote.
   *
   * @throws NumberFormatException if it is anything else
   */
  public static List<EpochRecord> parse(String csv) {
    List<String> lines = csv.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
      throw new NumberFormatException("the history does not start with " + HEADER);
    }
    return lines.stream().skip(1).map(History::parseLine).toList();
  }

  private static EpochRecord parseLine(String line) {
    String[] f = line.split(",", -1);
    if (f.length != 10) {
      throw new NumberFormatException(
          "the history has the line '" + line + "' of " + f.length + " fields instead of 10");
    }
    return new EpochRecord(Integer.parseInt(f[0]), Integer.parseInt(f[1]), Double.parseDouble(f[2]), metrics(f, 3),
        metrics(f, 6), Double.parseDouble(f[9]));
  }

  private static Metrics metrics(String[] f, int at) {
    return new Metrics(Double.parseDouble(f[at]), Double.parseDouble(f[at + 1]), Double.parseDouble(f[at + 2]));
  }
}
