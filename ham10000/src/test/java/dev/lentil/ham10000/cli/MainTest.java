package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.UserError;
import dev.lentil.json.Json;
import dev.lentil.json.JsonException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class MainTest {
  private record Ran(int exitCode, String out, String err) {}

  private static Ran lentil(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  /** A command that fails as it is told to. */
  @Command(name = "fail")
  private static final class Failing implements Callable<Integer> {
    private final Throwable failure;
    @Mixin
    private Output output;

    private Failing(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public Integer call() throws Exception {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (Exception) failure;
    }
  }

  private static Ran fail(RuntimeException failure, String... options) {
    var out = new StringWriter();
    var err = new StringWriter();
    var args = Stream.concat(Stream.of("fail"), Stream.of(options)).toArray(String[]::new);
    int exitCode = Main.commandLine(Commands.all()).addSubcommand(new Failing(failure))
        .setExecutionExceptionHandler(Errors::execution)
        .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(args);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  private static Stream<String> commandNames() {
    return Main.commandLine(Commands.all()).getSubcommands().keySet().stream();
  }

  @Test
  void badUsageIsTwoAndSaysWhereTheHelpIs() {
    var none = lentil();
    assertEquals(2, none.exitCode());
    assertTrue(none.err().contains("doctor") && none.out().isEmpty(), none.toString());

    var unknown = lentil("docter");
    assertEquals(2, unknown.exitCode());
    assertTrue(unknown.err().contains("error: Unmatched argument at index 0: 'docter'"), unknown.err());
    assertTrue(unknown.err().contains("doctor"), "suggests the command that was meant: " + unknown.err());

    var option = lentil("doctor", "--jsn");
    assertEquals(2, option.exitCode());
    assertTrue(option.err().startsWith("error: Unknown option: '--jsn'"), option.err());
    assertTrue(option.err().contains("Try './lentil doctor --help'."), option.err());
  }

  @ParameterizedTest
  @CsvSource({"train --resume run --print-config, --print-config",
      "train --resume run --config mine.properties, --config",
      "train --print-config --first-stage-of run, --first-stage-of", "train --print-config --run run, --run",
      "download ham10000 --alpha 0.35, --alpha", "download ham10000 --sha256 00, --sha256",
      "download ham10000 --no-top, --no-top", "download ham10000 --resolution 96, --resolution",
      "demo --epochs 3, --epochs", "demo --train-base file --seed 1, --seed", "demo --train-base file --run run, --run",
      "demo --train-base file --set batch=8, --set", "demo --train-base file --base b, --base",
      "demo --train-base file --from-scratch, --from-scratch", "summary --allow-empty-cut, --allow-empty-cut",
      "summary --height 96 --width 96 --resolution 96, --resolution", "export a --to b.onnx --names keras, --names",
      "export a --to b.safetensors --logits, --logits", "explain b --weights a --out c --fill black, --fill"})
  void anOptionThatWouldDoNothingIsBadUsage(String line, String option) {
    var ran = lentil(line.split(" "));
    assertEquals(2, ran.exitCode(), ran.toString());
    assertTrue(ran.err().startsWith("error: " + option + " ") && ran.out().isEmpty(), ran.toString());
  }

  @ParameterizedTest
  @CsvSource({"verify --threads 0, --threads", "prepare --threads 0, --threads",
      "classify a --weights b --top 0, --top",
      "explain b --weights a --out c --channels 0, --channels", "demo --train-base file --epochs 0, --epochs",
      "ensemble run --out folder --views foo, --views", "import a --to b --input-scaling foo, --input-scaling",
      "train --set batch=0, --set", "train --set sed=7, --set", "train --set seed, --set",
      "train --set backend=abacus, --set", "train --print-config --set resolution=96x128 --preset best, recipe best",
      "repeat --out target/none --set batch=0, --set", "repeat --out target/none --folds 1, --folds",
      "repeat --out target/none --seeds=-1, --seeds", "demo --seed=-1, --seed", "demo --set batch=0, --set",
      "demo --set data=lesions, --set",
      "demo --set resolution=48x64, --set", "demo --set evaluation.test=false, --set",
      "ablate recipes/ablations.csv --out target/none --set batch=0, --set",
      "ablate recipes/ablations.csv --out target/none --seeds=-1, --seeds",
      "download ham10000 --mirror ftp://example.org, --mirror",
      "download mobilenet_v2 --mirror example.org/a, --mirror", "download ham10000 --mirror //a, --mirror",
      "download mobilenet_v2 --mirror http:///a, --mirror", "download ham10000 --mirror http://a|b, --mirror",
      "split --task foo, --task", "train --preset foo, --preset", "summary --cut foo, --cut"})
  void aValueThatNoFileCouldMakeRightIsBadUsageAndNamesItsOption(String line, String option) {
    var ran = lentil(line.split(" "));
    assertEquals(2, ran.exitCode(), ran.toString());
    assertTrue(ran.err().lines().findFirst().orElseThrow().contains(option), ran.toString());
  }

  @Test
  void ofWhatIsMissingItIsSaidOnceThatItIsAnError() {
    var ran = lentil("predict", "lesion.jpg");
    assertEquals(2, ran.exitCode(), ran.toString());
    assertTrue(ran.err().startsWith("error: Missing required argument"), ran.toString());
  }

  @Test
  void aSettingThatIsWrongInAFileIsNoBadUsage(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("my.properties"), "batch = 0\n");
    var ran = lentil("train", "--config", file.toString(), "--print-config");
    assertEquals(1, ran.exitCode(), ran.toString());
    assertTrue(ran.err().startsWith("error: " + file + ", key batch: '0' cannot be used; "), ran.toString());

    Files.writeString(file, "backend = abacus\n");
    ran = lentil("train", "--config", file.toString(), "--print-config");
    assertEquals(1, ran.exitCode(), ran.toString());
    assertTrue(ran.err().startsWith("error: " + file + ", key backend: 'abacus' cannot be used; there is no backend "),
        ran.toString());

    ran = lentil("train", "--config", file.toString(), "--set", "backend=cpu", "--set", "batch=-1", "--print-config",
        "--json");
    assertEquals(2, ran.exitCode(), ran.toString());
    assertTrue(ran.err().contains("Try './lentil train --help'.") && ran.out().contains("key batch: '-1'"),
        ran.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"doctor", "gradcheck --device cpu", "summary --alpha 0.35 --resolution 32 --cut full"})
  void keysOfDocumentsAreInSnakeCase(String line) {
    var ran = lentil((line + " --json").split(" "));
    var keys = keys(Json.parse(ran.out())).distinct().toList();
    assertTrue(keys.size() > 5, ran.out());
    for (String key : keys) {
      assertTrue(key.matches("[a-z]+(_[a-z]+)*"), key);
    }
  }

  private static Stream<String> keys(Object value) {
    return switch (value) {
      case Map<?, ?> map -> map.entrySet().stream()
          .flatMap(entry -> Stream.concat(Stream.of((String) entry.getKey()), keys(entry.getValue())));
      case List<?> list -> list.stream().flatMap(MainTest::keys);
      default -> Stream.of();
    };
  }

  @Test
  void helpAndVersionSucceed() {
    var help = lentil("--help");
    assertEquals(0, help.exitCode());
    assertTrue(help.out().contains("doctor") && help.out().contains(Disclaimer.TEXT), help.out());
    assertEquals(0, lentil("-h").exitCode());

    var version = lentil("--version");
    assertEquals(0, version.exitCode());
    assertTrue(
        version.out().matches("lentil \\d+\\.\\d+\\.\\d+(-SNAPSHOT)? \\(git (unknown|[0-9a-f]{7,40}(-dirty)?)\\)\\R"),
        version.out());
  }

  @ParameterizedTest
  @MethodSource("commandNames")
  void everyCommandHasTheCommonOptionsAndAnExample(String name) {
    var spec = Main.commandLine(Commands.all()).getSubcommands().get(name).getCommandSpec();
    assertTrue(spec.optionsMap().keySet().containsAll(Set.of("--json", "--debug", "--help", "-h")),
        spec.optionsMap().keySet().toString());
    assertTrue(spec.usageMessage().description().length > 0, "a description");
    var help = lentil(name, "--help");
    assertEquals(0, help.exitCode());
    assertTrue(help.out().contains("./lentil " + name), "an example in the footer: " + help.out());
    for (String line : spec.usageMessage().footer()) {
      assertTrue(!line.startsWith("  ") || line.length() <= 80,
          "would be broken in two, and not to be copied: " + line);
    }
    assertTrue(help.out().stripTrailing().endsWith(Disclaimer.TEXT), help.out());
  }

  @Test
  void aUserErrorIsItsMessageAlone() {
    var ran = fail(new UserError("photo.jpg is not a JPEG; give another"));
    assertEquals(new Ran(1, "", "error: photo.jpg is not a JPEG; give another\n"), unix(ran));
  }

  @Test
  void withDebugTheStackTraceFollows() {
    var ran = fail(new UserError("bad"), "--debug");
    assertEquals(1, ran.exitCode());
    assertTrue(ran.err().contains("error: bad") && ran.err().contains("\tat dev.lentil."), ran.err());
  }

  @Test
  void withJsonTheErrorIsTheDocument() {
    var ran = fail(new UserError("bad \"x\""), "--json");
    assertEquals(1, ran.exitCode());
    assertEquals(Map.of("error", "bad \"x\""), Json.parse(ran.out()));
    assertTrue(ran.err().startsWith("error: bad"), ran.err());
  }

  private static Ran run(Throwable failure, String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode = Main.run(List.of(new Failing(failure)), new PrintWriter(out), new PrintWriter(err), args);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  @Test
  void tooLittleMemoryIsOneLineWithARemedy() {
    long size = Runtime.getRuntime().maxMemory() >> 20;
    String message =
        "Java's heap of " + size + " MB was too small for this (Java heap space); give it more, for example "
            + "4 GB: LENTIL_JAVA_OPTS=-Xmx4g ./lentil ..., or java -Xmx4g ...";
    for (var failure : List.of(new OutOfMemoryError("Java heap space"),
        new IllegalStateException(new ExecutionException(new OutOfMemoryError("Java heap space"))))) {
      assertEquals(new Ran(1, "", "error: " + message + "\n"), unix(run(failure, "fail")));
      var json = run(failure, "fail", "--json");
      assertEquals(1, json.exitCode());
      assertEquals(Map.of("error", message), Json.parse(json.out()));
      assertEquals(1, json.err().lines().count(), json.err());
      assertTrue(run(failure, "fail", "--debug").err().contains("\tat dev.lentil."));
    }
    assertTrue(run(new OutOfMemoryError("unable to create native thread: possibly out of memory"), "fail").err()
        .startsWith("error: the operating system gave Java no more threads; "));
    assertEquals("error: internal error, java.lang.AssertionError: odd; run again with --debug to see where\n",
        unix(run(new AssertionError("odd"), "fail")).err());
  }

  @Test
  void withJsonBadUsageIsTheDocumentToo() {
    for (var args : List.of(List.of("doctor", "--json", "--jsn"), List.of("classify", "--json"),
        List.of("docter", "--json"),
        List.of("classify", "a.jpg", "--weights", "w", "--top", "abc", "--json"), List.of("--json"))) {
      var ran = lentil(args.toArray(String[]::new));
      assertEquals(2, ran.exitCode());
      var document = (Map<?, ?>) Json.parse(ran.out());
      assertEquals(Set.of("error"), document.keySet());
      assertTrue(unix(ran).err().startsWith("error: " + document.get("error") + "\n"), ran.err());
    }
    assertEquals("", lentil("doctor", "--jsn").out());
    assertEquals("", lentil("doctor", "--jsn", "--", "--json").out());
  }

  /** Half a surrogate pair is a character that no locale has. */
  @Test
  void aPathThatTheLocaleCannotSpellHasARemedy() {
    var ran = lentil("classify", "Fl\uD800.jpg", "--weights", "w.safetensors", "--json");
    assertEquals(2, ran.exitCode());
    assertTrue(ran.err().contains("has characters that this locale does not have (")
        && ran.err().contains("; set LC_ALL=C.UTF-8 in the environment and run again\n"), ran.err());
    assertFalse(ran.err().contains("java.nio"), ran.err());
    assertTrue(ran.out().contains("LC_ALL=C.UTF-8"), ran.out());
    assertEquals("'a\0b' is no path (Nul character not allowed); correct it",
        Errors.message(new InvalidPathException("a\0b", "Nul character not allowed")));
  }

  @Test
  void errorsAreToldInTheUsersWords() {
    assertEquals("no such file or folder: a/b",
        Errors.message(new UncheckedIOException(new NoSuchFileException("a/b"))));
    assertEquals("disk full", Errors.message(new UncheckedIOException(new IOException("disk full"))));
    assertEquals("runs/a: cannot be kept (access denied)", Errors.message(new UncheckedIOException(
        "runs/a: cannot be kept (access denied)", new AccessDeniedException("runs/.a.new"))));
    assertEquals("access denied: a/b",
        Errors.message(new UncheckedIOException("a/b", new AccessDeniedException("a/b"))));
    assertEquals("alpha must be positive", Errors.message(new IllegalArgumentException("alpha must be positive")));
    try {
      Json.parse("{");
    } catch (JsonException e) {
      assertTrue(Errors.message(e).startsWith("JSON, line 1"), Errors.message(e));
    }
  }

  @Test
  void whatWasNotForeseenIsCalledAFault() {
    assertEquals("internal error, java.lang.NullPointerException: x; run again with --debug to see where",
        Errors.message(new NullPointerException("x")));
    try {
      Integer.parseInt("x");
    } catch (NumberFormatException e) {
      assertTrue(Errors.message(e).startsWith("internal error"), Errors.message(e));
    }
    var ran = fail(new IllegalStateException("odd"));
    assertEquals(1, ran.exitCode());
    assertFalse(ran.err().contains("\tat "), ran.err());
  }

  private static Ran unix(Ran ran) {
    return new Ran(ran.exitCode(), ran.out().replace("\r\n", "\n"), ran.err().replace("\r\n", "\n"));
  }
}
