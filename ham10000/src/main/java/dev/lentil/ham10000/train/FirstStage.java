package dev.lentil.ham10000.train;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Split;
import dev.lentil.io.AtomicFile;
import dev.lentil.json.Json;
import dev.lentil.train.Checkpoint;
import dev.lentil.train.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The first stage of a run, for other runs to begin with: those that differ only in what follows come to the same end, bit for bit, as
 * if each had trained it.
 */
final class FirstStage {
  private static final Position END = new Position(2, 1, 0);

  private final Path run;
  private final List<String> changes;

  /**
   * @param run stands at the end of stage 1
   * @param config of the run that is to begin with it
   * @throws UserError if the run stands elsewhere, or trained its stage 1 with other settings
   */
  FirstStage(Path run, TrainingConfig config) {
    this.run = run;
    changes = Continuation.changesAfterFirstStage(run, Runs.configOf(run), config);
    Path checkpoint = RunFolder.checkpoint(run).path();
    if (!Files.exists(checkpoint)) {
      throw elsewhere("it has no checkpoint yet");
    }
    Position at = Checkpoint.read(checkpoint).position();
    if (!at.equals(END)) {
      throw elsewhere("it stands at stage " + at.stage() + ", epoch " + at.epoch() + ", batch " + at.batch());
    }
  }

  /** With the folder that it is in, since runs of several recipes share their names; the rest of the path says nothing elsewhere. */
  private static String name(Path run) {
    Path whole = run.toAbsolutePath().normalize();
    return whole.getNameCount() < 2
        ? whole.toString()
        : whole.subpath(whole.getNameCount() - 2, whole.getNameCount()).toString();
  }

  private UserError elsewhere(String where) {
    return new UserError(run + ": the run does not stand at the end of stage 1, " + where
        + "; one that was trained with stage2.epochs = 0 does when it is finished");
  }

  /**
   * Puts all that a run needs to go on from there into the folder of one that has its configuration and nothing else. The checkpoint comes
   * last: without it the run trains stage 1 itself, to the same end.
   */
  void copyInto(Path folder) {
    try {
      for (String name : List.of(Inputs.FILE_NAME, Split.FILE_NAME)) {
        AtomicFile.write(folder.resolve(name), Files.readAllBytes(run.resolve(name)));
      }
      Map<String, String> environment = RunEnvironment.read(RunFolder.environment(run));
      var told = new ArrayList<>(List.of("run " + name(run) + " -> " + name(folder)));
      told.addAll(changes);
      RunFolder.write(RunFolder.environment(folder),
          Json.pretty(RunEnvironment.continued(environment, environment, "the end of stage 1", told)) + "\n");
      AtomicFile.write(RunFolder.checkpoint(folder).path(), Files.readAllBytes(RunFolder.checkpoint(run).path()));
    } catch (IOException e) {
      throw new UncheckedIOException(run + ": stage 1 cannot be copied to " + folder + " (" + Reason.of(e) + ")", e);
    }
  }
}
