package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.nn.Weights;
import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.files.Disk;
import dev.lentil.train.Checkpoint;
import dev.lentil.train.Position;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong under a run, made to go wrong: each is found, said, and gone on from, to the same bits. */
class TrainingFailuresTest {
  private static final Program PROGRAM = new Program("test", "test");
  private static final List<String> SHORT =
      List.of("stage1.epochs=1", "stage2.epochs=1", "checkpoint.batches=1");

  @TempDir
  static Path folder;
  private static SmallHam ham;
  private static Path whole;
  private static List<String> operations;
  private static int runs;

  private Disk disk;
  private Path run;
  private final StringWriter printed = new StringWriter();

  @BeforeAll
  static void trainUndisturbed() throws IOException {
    ham = new SmallHam(folder.resolve("ham"), 60);
    // the images are decoded before, so that every run does the same on its disk
    HamImages.open(ham.config(SHORT), _ -> {}).close();
    Disk counted = new Disk(Files.createDirectories(folder.resolve("whole")));
    whole = folder.resolve("whole/run");
    Runs.start(counted.path("run"), ham.config(SHORT), Optional.empty(), PROGRAM, new PrintWriter(new StringWriter()));
    operations = counted.operations();
  }

  @BeforeEach
  void newRun() throws IOException {
    Path place = Files.createDirectories(folder.resolve("run-" + runs++));
    disk = new Disk(place);
    run = place.resolve("run");
  }

  private void start(String... more) {
    var settings = new ArrayList<>(SHORT);
    settings.addAll(List.of(more));
    Runs.start(disk.path("run"), ham.config(settings), Optional.empty(), PROGRAM, new PrintWriter(printed));
  }

  /** Leaves a run that was killed before the first batch of stage 2. */
  private void interrupt() {
    // of stage 1: its start, four batches, its epoch, its end
    disk.dieAt(1 + nth("move checkpoint.safetensors", 7));
    assertThrows(RuntimeException.class, this::start);
    disk.mend();
    assertEquals(new Position(2, 1, 0), Checkpoint.read(run.resolve("checkpoint.safetensors")).position());
  }

  private static int nth(String operation, int count) {
    int at = -1;
    for (int i = 0; i < count; i++) {
      at += 1 + operations.subList(at + 1, operations.size()).indexOf(operation);
    }
    return at;
  }

  // ---- the disk ----

  @Test
  void killedAtSomeOperations() throws IOException {
    Philox random = Philox.at(1, 0, 0, RandomUse.TEST.operation());
    for (int i = 0; i < 4; i++) {
      killAt(random.below(operations.size(), i, 0));
    }
  }

  /** The first and the last time that anything is done to any of the files. */
  @Test
  @Tag("exhaustive")
  void killedAtEveryKindOfOperation() throws IOException {
    var moments = new LinkedHashSet<Integer>();
    for (String operation : new LinkedHashSet<>(operations)) {
      moments.add(operations.indexOf(operation));
      moments.add(operations.lastIndexOf(operation));
    }
    for (int moment : moments) {
      killAt(moment);
    }
    System.out.println("killed at " + moments.size() + " operations, the same bits each time");
  }

  private void killAt(int operation) throws IOException {
    newRun();
    String when = "before operation " + operation + ", " + operations.get(operation);
    disk.dieAt(operation);
    try {
      start();
    } catch (RuntimeException e) {
      assertTrue(e.toString().contains("killed") || e.toString().contains("the log cannot be written"), e.toString());
    }
    disk.mend();
    if (Runs.isRun(run)) {
      TestRuns.resume(0, run);
    } else {
      start();
    }
    TestRuns.assertSameResult(whole, run, "killed " + when);
  }

  /** Before each of the first files is in place: what is left of the other run's stage 1 leads to the same end, or is not used. */
  @Test
  void killedWhileItTakesTheFirstStageOfAnotherRun() throws IOException {
    Path head = run.resolveSibling("head");
    Runs.start(head, ham.config(List.of("stage1.epochs=1", "stage2.epochs=0", "checkpoint.batches=1",
        "evaluation.test=false")), Optional.empty(), PROGRAM, new PrintWriter(printed));
    startAfter(head);
    List<String> done = disk.operations();
    TestRuns.assertSameResult(whole, run, "with the stage 1 of another run");
    int copied = done.indexOf("move checkpoint.safetensors");
    int trained = copied + 1 + done.subList(copied + 1, done.size()).indexOf("move checkpoint.safetensors");
    int kills = 0;
    for (int i = 0; i <= trained; i++) {
      if (done.get(i).startsWith("move ")) {
        newRun();
        disk.dieAt(i);
        assertThrows(RuntimeException.class, () -> startAfter(head));
        disk.mend();
        if (Runs.isRun(run)) {
          TestRuns.resume(0, run);
        } else {
          startAfter(head);
        }
        TestRuns.assertSameResult(whole, run, "killed before " + done.get(i));
        kills++;
      }
    }
    assertTrue(kills > 8, kills + " kills in " + done);
  }

  private void startAfter(Path head) {
    Runs.start(disk.path("run"), ham.config(SHORT), Optional.of(head), PROGRAM, new PrintWriter(printed));
  }

  /** The run begins with room enough; then something else takes it. */
  @ParameterizedTest
  @ValueSource(strings = {"checkpoint.safetensors.tmp", "history.csv.tmp", "log.txt", "predictions.csv.tmp"})
  void aDiskThatBecomesFullStopsTheRun(String file) throws IOException {
    // a log is written from its first line on: not before there is a checkpoint
    int begun = file.startsWith("log") ? operations.indexOf("move previous-checkpoint.safetensors") : 0;
    disk.fillAt(begun + operations.subList(begun, operations.size()).indexOf("write " + file), 1);
    var e = assertThrows(RuntimeException.class, this::start);
    String name = file.replace(".tmp", "");
    assertTrue(e.getMessage().contains(run.resolve(name) + ": ") && e.getMessage().contains("cannot be written")
        && e.getMessage().contains("make room"), e.getMessage());
    assertTrue(printed.toString().contains("'./lentil train --resume " + run + "' goes on"), printed.toString());
    disk.mend();
    TestRuns.resume(0, run);
    TestRuns.assertSameResult(whole, run, "after the disk was full of " + name);
  }

  /** Before the first file that says anything of them is there. */
  @ParameterizedTest
  @ValueSource(strings = {"predictions.csv", "report.html"})
  void aLookAtTheTestImagesIsLoggedWhateverBecomesOfItsResult(String file) throws IOException {
    disk.dieAt(operations.indexOf("move " + file));
    assertThrows(RuntimeException.class, this::start);
    disk.mend();
    Path log = run.resolveSibling(TestLog.FILE_NAME);
    assertEquals(2, Files.readAllLines(log).size());
    TestRuns.resume(0, run);
    assertEquals(3, Files.readAllLines(log).size());
  }

  @Test
  void aRunDoesNotBeginWithoutTheRoomItNeeds() throws IOException {
    disk.leave(5_000_000);
    var e = assertThrows(UserError.class, this::start);
    assertTrue(e.getMessage().matches(
        ".*: the run needs about [0-9,]+ bytes more and the disk has 4,[0-9,]+ left; make room, or choose.*"),
        e.getMessage());
    disk.mend();
    TestRuns.resume(0, run);
    TestRuns.assertSameResult(whole, run, "after there was room");
  }

  /** Hours later it would, for ever, since every continuation would fail there too. */
  @Test
  void aRunWhoseTestLogCannotBeWrittenDoesNotBegin() throws IOException {
    Path log = Files.createDirectory(run.resolveSibling(TestLog.FILE_NAME));
    var e = assertThrows(UserError.class, this::start);
    assertTrue(
        e.getMessage().contains(log + ": every look at the test images is logged there, and it cannot be written (")
            && e.getMessage().contains("have the run in another folder"),
        e.getMessage());
    assertFalse(Files.exists(run.resolve("checkpoint.safetensors")));
    Files.delete(log);
    TestRuns.resume(0, run);
    TestRuns.assertSameResult(whole, run, "after the log could be written");
  }

  // ---- the numbers ----

  @Test
  void aRunWhoseNumbersGoAstrayKeepsASoundCheckpoint() throws IOException {
    Model base = ModelFile.read(ham.weights());
    // stage 1 does not mind, since ReLU6 ends every layer; the batch statistics of stage 2 overflow
    Tensor huge = base.weights().get("Conv1/kernel").copy();
    for (int i = 0; i < huge.floats().length; i++) {
      huge.floats()[i] *= 1e25f;
    }
    Path weights = disk.path("huge.safetensors");
    ModelFile.write(weights, with(base, huge));
    var e = assertThrows(UserError.class, () -> start("weights=" + weights, "stage2.cut=full"));
    assertTrue(e.getMessage().contains("in stage 2 (fine-tuning), epoch 1")
        && e.getMessage().contains("lower the learning rate (0.001)")
        && e.getMessage().contains("--resume " + run + " --set stage2.learning-rate=LOWER'"), e.getMessage());
    assertEquals(new Position(2, 1, 0), Checkpoint.read(run.resolve("checkpoint.safetensors")).position());
    assertTrue(Files.readString(run.resolve("log.txt")).contains("Stopped by an error: "));
  }

  @Test
  void ratesMayChangeAndTheRunTellsIt() throws IOException {
    interrupt();
    String text = TestRuns.resume(1, run, "--set", "stage2.cut=full");
    assertTrue(text.contains("stage2.cut block_13_expand -> full: a run that has begun") && text.contains(
        "These may change: stage1.epochs, stage1.learning-rate"), text);
    text = TestRuns.resume(0, run, "--set", "stage2.learning-rate=1e-4", "--set", "threads=1");
    String told = "from stage 2, epoch 1, batch 0 on: stage2.learning-rate 1e-3 -> 1e-4";
    assertTrue(text.contains("Changed: stage2.learning-rate 1e-3 -> 1e-4"), text);
    assertTrue(Files.readString(run.resolve("environment.json")).contains(told));
    assertTrue(Files.readString(run.resolve("report.html")).contains(told.replace(">", "&gt;")));
    assertTrue(Files.readString(run.resolve("config.properties")).contains("stage2.learning-rate = 1e-4\n"));
    var rates =
        Files.readAllLines(run.resolve("history.csv")).stream().skip(1).map(line -> line.split(",")[2]).toList();
    assertEquals(List.of("3.0E-4", "1.0E-4"), rates);
  }

  @Test
  void anotherDeviceIsSaidToChangeTheLastBits() throws IOException {
    interrupt();
    Path environment = run.resolve("environment.json");
    Files.writeString(environment, Files.readString(environment).replaceFirst("\"device\" ?: ?\"[^\"]*\"",
        "\"device\": \"cpu: Vector API, 64 bits, 9 threads\""));
    String text = TestRuns.resume(0, run);
    assertTrue(text.contains("Note: this part of the run differs from the one before it: ")
        && text.contains("device cpu: Vector API, 64 bits, 9 threads -> ") && text.contains("last bits"), text);
    assertTrue(Files.readString(environment).contains("\"continued\""));
  }

  // ---- the data ----

  @Test
  void dataThatAreNotThoseThatTheRunBeganWithAreNamed() throws IOException {
    interrupt();
    Path image;
    try (var files = Files.list(ham.images())) {
      image = files.sorted().findFirst().orElseThrow();
    }
    String id = image.getFileName().toString().replace(".png", "");
    byte[] bytes = Files.readAllBytes(image);

    Files.delete(image);
    String text = TestRuns.resume(1, run);
    assertTrue(text.contains("1 of ") && text.contains("images are missing, first " + id), text);

    Files.write(image, Arrays.copyOf(bytes, bytes.length / 2));
    text = TestRuns.resume(1, run);
    assertTrue(text.contains(image.toString()), text);

    // a sound one, but another
    try (var files = Files.list(ham.images())) {
      Path other = files.filter(file -> !file.equals(image) && sizeOf(file) != bytes.length).findFirst().orElseThrow();
      Files.copy(other, image, StandardCopyOption.REPLACE_EXISTING);
    }
    text = TestRuns.resume(1, run);
    assertTrue(text.contains("images are not those that the run began with, first " + id), text);
    Files.write(image, bytes);

    String metadata = Files.readString(ham.metadata());
    Files.writeString(ham.metadata(), metadata.replaceFirst(",nv,", ",mel,"));
    text = TestRuns.resume(1, run);
    assertTrue(text.contains("split.csv: the metadata are not those that the run began with, first in line "), text);
    Files.writeString(ham.metadata(), metadata);

    Model base = ModelFile.read(ham.weights());
    Tensor kernel = base.weights().get("Conv1/kernel").copy();
    kernel.floats()[0]++;
    Path weights = folder.resolve("other.safetensors");
    ModelFile.write(weights, with(base, kernel));
    text = TestRuns.resume(1, run, "--set", "weights=" + weights);
    assertTrue(text.contains("the weights are not those that the run began with"), text);

    Path moved = Files.copy(ham.weights(), folder.resolve("moved.safetensors"));
    TestRuns.resume(0, run, "--set", "weights=" + moved);
    TestRuns.assertSameResult(whole, run, "after everything was back");
  }

  private static Model with(Model base, Tensor firstKernel) {
    return new Model(base.architecture(), base.scaling(),
        base.weights().with(new Weights(Map.of("Conv1/kernel", firstKernel))), base.notes());
  }

  @Test
  void aCacheThatBreaksDuringTheRunIsSaidAndMadeAgain() throws IOException {
    Path cache = ham.cache();
    for (boolean cutOff : new boolean[] {false, true}) {
      newRun();
      byte[] sound = Files.readAllBytes(cache);
      // when the first checkpoint is written the cache is open; the file itself is changed, not its place taken by another
      var e = assertThrows(RuntimeException.class, () -> Runs.start(disk.path("run"),
          ham.config(SHORT), Optional.empty(), PROGRAM, new PrintWriter(printed) {
            @Override
            public void println(String line) {
              super.println(line);
              if (line.startsWith("stage 2")) {
                damage(cache, cutOff);
              }
            }
          }));
      assertTrue(e.getMessage().contains(cache + ": the image cache is damaged"), e.getMessage());
      String text = TestRuns.resume(0, run);
      assertTrue(text.contains("images decoded now, 0 were there already"), text);
      TestRuns.assertSameResult(whole, run, "after the cache broke");
      assertEquals(-1, Arrays.mismatch(sound, Files.readAllBytes(cache)));
    }
  }

  /** A run on other data, with the same folder for its cache, may finish its own between this one's and its first look into it. */
  @Test
  void aCacheThatOtherDataTookThePlaceOfIsMadeAgain() throws IOException {
    Path cache = ham.cache();
    byte[] sound = Files.readAllBytes(cache);
    var other = new SmallHam(run.resolveSibling("other"), 70);
    var told = new ArrayList<String>();
    HamImages.open(ham.config(SHORT), line -> {
      if (line.startsWith("Image cache")) {
        told.add(line);
        if (told.size() == 1) {
          HamImages.open(other.config(List.of("cache=" + cache.getParent())), _ -> {}).close();
        }
      }
    }).close();
    assertEquals(2, told.size());
    assertEquals(-1, Arrays.mismatch(sound, Files.readAllBytes(cache)));
  }

  private static void damage(Path cache, boolean cutOff) {
    try (var channel = FileChannel.open(cache, StandardOpenOption.WRITE)) {
      if (cutOff) {
        channel.truncate(4096);
      } else {
        channel.write(ByteBuffer.allocate((int) (channel.size() - 4096)), 4096);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
