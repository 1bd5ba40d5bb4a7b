package dev.lentil.backend.cuda.emulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.testing.Prerequisite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A compiler that tests call where it is installed. */
public record Tool(Path program) {

  /** The program of that name on the {@code PATH} or in one of the folders. */
  public static Optional<Tool> find(String name, Path... folders) {
    Stream<Path> path = Stream.of(System.getenv("PATH").split(":")).filter(entry -> !entry.isBlank()).map(Path::of);
    return Stream.concat(path, Stream.of(folders)).map(folder -> folder.resolve(name)).filter(Files::isExecutable)
        .findFirst().map(Tool::new);
  }

  /** The program, or the calling test is skipped, everywhere: for what only some machines can have. */
  public static Tool orSkip(String name, String forWhat, Path... folders) {
    Optional<Tool> found = find(name, folders);
    Assumptions.assumeTrue(found.isPresent(), name + " is not installed, so this test cannot " + forWhat);
    return found.orElseThrow();
  }

  /** The program, or the calling test is skipped; where the build counts ({@code CI=true}), it fails. */
  public static Tool require(String name, String forWhat, Path... folders) {
    return find(name, folders).orElseGet(() -> Prerequisite.absent(
        name + " is not installed, so this test cannot " + forWhat + "; install it where the build counts"));
  }

  /** Runs it and returns what it printed; fails the test unless it succeeds. */
  public String run(List<String> arguments) {
    var command = Stream.concat(Stream.of(program.toString()), arguments.stream()).toList();
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + output);
      return output;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
