package dev.lentil.weights;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sample file, damaged in many ways; see {@link Mutations}. */
@Execution(ExecutionMode.CONCURRENT)
class MutationTest {
  private static final int IN_EVERY_BUILD = 500;
  private static final int ALL = 10_000;

  @TempDir
  private static Path folder;

  private static Stream<Path> samples() throws IOException {
    Path folder = SharedData.require("import-samples");
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> samples = files.filter(file -> !file.getFileName().toString().startsWith("hostile")
          && !file.getFileName().toString().startsWith("expected")).sorted().toList();
      assertTrue(samples.size() >= 11, samples.toString());
      return samples.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void someMutations(Path sample) throws IOException {
    new Mutations(sample, Files.readAllBytes(sample)).run(0, IN_EVERY_BUILD);
  }

  /** The formats of which there is no sample file: a small network of our own in each. */
  private static Stream<Path> ownFiles() throws IOException {
    return OwnFiles.write(Files.createTempDirectory(folder, "own")).stream();
  }

  @ParameterizedTest
  @MethodSource("ownFiles")
  void someMutationsOfOwnFiles(Path file) throws IOException {
    new Mutations(file, Files.readAllBytes(file)).run(0, IN_EVERY_BUILD);
  }

  @Tag("exhaustive")
  @ParameterizedTest
  @MethodSource("ownFiles")
  void allMutationsOfOwnFiles(Path file) throws IOException {
    new Mutations(file, Files.readAllBytes(file)).run(IN_EVERY_BUILD, ALL);
  }

  @Tag("exhaustive")
  @ParameterizedTest
  @MethodSource("samples")
  void allMutations(Path sample) throws IOException {
    new Mutations(sample, Files.readAllBytes(sample)).run(IN_EVERY_BUILD, ALL);
  }
}
