package dev.lentil.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backend;
import dev.lentil.bench.compare.RandomModel;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.ImageClassifier;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.testing.Prerequisite;
import dev.lentil.testing.SharedData;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jlink command of docs/library.md makes a runtime image of the engine and mobilenetv2 as they were built (jars in {@code mvn verify}, folders in
 * {@code mvn test}, which jlink takes too), and a program that runs in it answers as it does here.
 */
class RuntimeImageTest {
  private static final String VECTOR = "jdk.incubator.vector";
  private static final List<String> NEEDED = List.of("dev.lentil.engine", "dev.lentil.mobilenetv2", "java.base");
  /** The modules and the backends that the program must find. */
  private static final List<String> FOUND = List.of("dev.lentil.mobilenetv2", "cpu reference");

  /** Rounding in another order, which a random network amplifies: it normalises by the statistics of a few images. */
  private static final float TOLERANCE = 1e-3f;

  /** What a process printed, and what it complained of. */
  private record Printed(List<String> lines, List<String> errors) {
    float[] answer() {
      String[] numbers = lines.getLast().replaceAll("[\\[\\] ]", "").split(",");
      float[] answer = new float[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        answer[i] = Float.parseFloat(numbers[i]);
      }
      return answer;
    }
  }

  @TempDir
  private static Path models;
  private static Path weights;

  @TempDir
  private Path folder;

  @BeforeAll
  static void drawAModel() {
    weights = models.resolve("small.safetensors");
    ModelFile.write(weights, RandomModel.of(MobileNetV2.keras(0.35, 64, 64, new Head.Classifier(5))));
  }

  @Test
  void withTheVectorModuleTheAnswerIsTheSameToTheLastBit() throws Exception {
    Path image = link(command());
    assertEquals(Stream.concat(NEEDED.stream(), Stream.of(VECTOR)).toList(), modules(image));
    Printed printed = run(image, "--add-modules", VECTOR);
    assertEquals(FOUND, printed.lines.subList(0, 2));
    assertArrayEquals(RuntimeImageProgram.answer(weights), printed.answer(), Arrays.toString(printed.answer()));
    assertEquals(List.of(), printed.errors.stream().filter(line -> !line.contains("incubator modules")).toList());
  }

  @Test
  void withoutItPlainLoopsGiveTheAnswer() throws Exception {
    Path image = link(command().replace("," + VECTOR, ""));
    assertEquals(NEEDED, modules(image));
    Printed printed = run(image);
    assertEquals(FOUND, printed.lines.subList(0, 2));
    assertArrayEquals(RuntimeImageProgram.answer(weights), printed.answer(), TOLERANCE,
        Arrays.toString(printed.answer()));
    assertEquals(1, printed.errors.stream().filter(line -> line.contains("plain Java loops run")).count(),
        () -> String.join("\n", printed.errors));
  }

  /** The arguments of jlink in docs/library.md, on one line. */
  private static String command() throws Exception {
    String page = Files.readString(SharedData.repositoryRoot().resolve("docs/library.md"));
    Matcher command = Pattern.compile("\n {4}jlink ((?:.*\\\\\n)*.*)\n").matcher(page);
    assertTrue(command.find(), "docs/library.md has no jlink command");
    return command.group(1).replaceAll("\\\\\n *", "");
  }

  private Path link(String command) throws Exception {
    Path image = folder.resolve("image");
    var arguments = new ArrayList<>(List.of(command.split(" ")));
    set(arguments, "--module-path", where(Backend.class) + File.pathSeparator + where(ImageClassifier.class));
    set(arguments, "--output", image.toString());
    var said = new StringWriter();
    var out = new PrintWriter(said);
    assertEquals(0, jlink().run(out, out, arguments.toArray(String[]::new)), said::toString);
    return image;
  }

  private static void set(List<String> arguments, String option, String value) {
    int at = arguments.indexOf(option);
    assertTrue(at >= 0, () -> "no " + option + " in " + arguments);
    arguments.set(at + 1, value);
  }

  private static ToolProvider jlink() {
    ToolProvider jlink = ToolProvider.findFirst("jlink")
        .orElseGet(() -> Prerequisite.absent("this JDK has no jlink; run the tests with one that has"));
    var help = new StringWriter();
    jlink.run(new PrintWriter(help), new PrintWriter(help), "--help");
    if (!Files.isDirectory(Path.of(System.getProperty("java.home"), "jmods"))
        && !help.toString().contains("Linking from run-time image enabled")) {
      Prerequisite.absent("this JDK has no jmods to link; install them, or run the tests with a JDK that has them");
    }
    return jlink;
  }

  private static Path where(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private List<String> modules(Path image) throws Exception {
    return java(image, List.of("--list-modules")).lines.stream().map(line -> line.replaceAll("@.*", "")).toList();
  }

  private Printed run(Path image, String... options) throws Exception {
    var arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("-cp", where(RuntimeImageProgram.class).toString(), RuntimeImageProgram.class.getName(),
        weights.toString()));
    return java(image, arguments);
  }

  private Printed java(Path image, List<String> arguments) throws Exception {
    var command = new ArrayList<>(List.of(image.resolve("bin").resolve("java").toString()));
    command.addAll(arguments);
    Path errors = folder.resolve("errors.txt");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    var printed = new Printed(lines, Files.readAllLines(errors));
    assertEquals(0, process.waitFor(), printed::toString);
    return printed;
  }
}
