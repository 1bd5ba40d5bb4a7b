package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import dev.lentil.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
  private static final Consumer<TrainingEvent> SILENT = _ -> {};
  private static final String BACKEND = TinyRun.backends().findFirst().orElseThrow();
  private static final int FLIPS = 300;

  @TempDir
  Path folder;

  private CheckpointFile file;
  private byte[] sound;

  private static final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Leaves a checkpoint after batch 2 of stage 2's first epoch, and the one before the epoch. */
  @BeforeEach
  void interruptARun() throws IOException {
    file = new CheckpointFile(folder.resolve("checkpoint.safetensors"));
    assertThrows(Interruption.class, () -> TinyRun.standard().run(BACKEND, Optional.of(file.path()), event -> {
      if (event instanceof TrainingEvent.BatchDone && event.position().equals(new Position(2, 1, 3))) {
        throw new Interruption();
      }
    }));
    sound = Files.readAllBytes(file.path());
  }

  @Test
  void theLastOneIsTaken() {
    var latest = file.latest().orElseThrow();
    assertEquals(new Position(2, 1, 2), latest.checkpoint().position());
    assertEquals(Optional.empty(), latest.note());
    assertEquals(new Position(2, 1, 0), Checkpoint.read(file.previous()).position());
  }

  @Test
  void aFlippedBitIsFoundWhereverItIs() throws IOException {
    Philox random = Philox.at(TinyRun.SEED, 0, 0, RandomUse.TEST.operation());
    for (int i = 0; i < FLIPS; i++) {
      byte[] flipped = sound.clone();
      int at = random.below(sound.length, i, 0);
      flipped[at] ^= (byte) (1 << random.below(8, i, 1));
      Files.write(file.path(), flipped);
      assertThrows(DamagedCheckpointException.class, () -> Checkpoint.read(file.path()), "byte " + at);
    }
  }

  @Test
  void aTornFileIsFoundWhereverItEnds() throws IOException {
    for (int i = 0; i < 50; i++) {
      Files.write(file.path(), Arrays.copyOf(sound, sound.length * i / 50));
      assertThrows(DamagedCheckpointException.class, () -> Checkpoint.read(file.path()));
    }
  }

  @Test
  void theOneBeforeStandsInAndTheRunEndsTheSame() throws IOException {
    // the last byte is one of the data, not of the header
    sound[sound.length - 1] ^= 1;
    Files.write(file.path(), sound);
    var latest = file.latest().orElseThrow();
    String note = latest.note().orElseThrow();
    assertTrue(note.contains("does not match its digest") && note.contains("stage 2, epoch 1, batch 0"), note);
    assertEquals(new Position(2, 1, 0), latest.checkpoint().position());
    assertFalse(Files.exists(file.path()), "the damaged one is put aside, or it would take the sound one's place");
    var whole = TinyRun.standard().run(BACKEND, Optional.empty(), SILENT);
    var resumed = TinyRun.standard().run(BACKEND, Optional.of(file.path()), SILENT);
    assertTrue(whole.sameBits(resumed), "weights differ");
    assertEquals(whole.numbers(), resumed.numbers());
  }

  @Test
  void aSoundOneThatCannotBeReadIsNotTakenForDamage() throws IOException {
    Thread.currentThread().interrupt();
    TrainingException e;
    try {
      e = assertThrows(TrainingException.class, file::latest);
    } finally {
      Thread.interrupted();
    }
    assertUnreadable("the thread was interrupted", e);
  }

  @Test
  void norIsOneThatMayNotBeRead() throws IOException {
    assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "no permissions here");
    Files.setPosixFilePermissions(file.path(), Set.of());
    assumeFalse(Files.isReadable(file.path()), "who runs this may read everything");
    assertUnreadable("access denied", assertThrows(TrainingException.class, file::latest));
  }

  private void assertUnreadable(String why, TrainingException e) {
    assertEquals(file.path() + ": the checkpoint cannot be read (" + why + "); mend that and resume", e.getMessage());
    assertFalse(e instanceof DamagedCheckpointException);
    assertTrue(Files.exists(file.path()) && Files.exists(file.previous()), "nothing was moved");
  }

  @Test
  void withoutASoundOneItSaysWhatToDo() throws IOException {
    Files.write(file.path(), new byte[100]);
    Files.write(file.previous(), new byte[100]);
    var both = assertThrows(TrainingException.class, file::latest);
    assertTrue(both.getMessage().contains(file.path().toString())
        && both.getMessage().contains(file.previous() + ": the checkpoint is damaged")
        && both.getMessage().contains("delete both"), both.getMessage());
    Files.delete(file.previous());
    var one = assertThrows(TrainingException.class, file::latest);
    assertTrue(one.getMessage().contains("none before it; delete it"), one.getMessage());
  }

  @Test
  void aCheckpointOfAnotherVersionIsNotTakenForDamage() {
    SafetensorsWriter.write(file.path(), Map.of(), Map.of(Checkpoint.METADATA, "{\"version\":9}"));
    var e = assertThrows(TrainingException.class, file::latest);
    assertTrue(e.getMessage().contains("of version 9") && e.getMessage().contains("continue with the Lentil"),
        e.getMessage());
  }
}
