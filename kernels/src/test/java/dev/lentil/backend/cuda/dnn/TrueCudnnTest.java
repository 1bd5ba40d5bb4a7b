package dev.lentil.backend.cuda.dnn;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.cuda.emulation.Tool;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * NVIDIA's own cuDNN, where it is installed ({@code pip install nvidia-cudnn-cu13}, and {@code LENTIL_CUDA_PATH} to its
 * folder), in a JVM of its own, since this one may have the emulated library of the same name. It needs no card to be
 * loaded and to say that there is none. Skipped elsewhere.
 */
class TrueCudnnTest {

  /** What Lentil calls, the emulated cuDNN has: a call that it lacks ends the tests. */
  private static Set<String> calls() throws IOException {
    var calls = new TreeSet<String>();
    try (var files = Files.list(SharedData.repositoryRoot().resolve("kernels/src/test/cuda"))) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("emulated_cudnn")).toList()) {
        Pattern.compile("\\b(cudnn[A-Z]\\w+)\\(").matcher(Files.readString(file)).results()
            .forEach(result -> calls.add(result.group(1)));
      }
    }
    return calls;
  }

  @Test
  void jcudnnLoadsItAndFindsEveryCall() throws IOException {
    Set<String> calls = calls();
    assertTrue(calls.contains("cudnnConvolutionForward") && calls.size() > 30, calls.toString());
    var arguments = new ArrayList<>(
        List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "--enable-native-access=ALL-UNNAMED", CudnnProbing.class.getName()));
    arguments.addAll(calls);
    String output = new Tool(Path.of(System.getProperty("java.home"), "bin/java")).run(arguments);
    Assumptions.assumeFalse(output.startsWith("found: none"), "cuDNN is not installed, so it is not called");
    System.out.print(calls.size() + " calls, " + output);
    assertFalse(output.contains("lacks: "), output);
    assertTrue(Pattern.compile("^chosen: cuDNN 9\\.\\d+\\.\\d+ through JCudnn for convolution$", Pattern.MULTILINE)
        .matcher(output).find(), output);
    // Without a card it says so in its own words, not in those of version 8.
    assertTrue(output.contains("started") || output.contains("CUDNN_STATUS_NOT_INITIALIZED (1001)"), output);
  }
}
