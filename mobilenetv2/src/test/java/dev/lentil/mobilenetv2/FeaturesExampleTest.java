package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.testing.RandomTensors;
import dev.lentil.testing.SharedData;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/library.md compiles, and gives what the dense layer takes. */
class FeaturesExampleTest {
  private static final int CLASSES = 5;

  @TempDir
  private Path folder;

  @Test
  void givesWhatTheClassesAreMadeOf() throws Exception {
    var architecture = MobileNetV2.keras(0.35, 32, 40, new Head.Classifier(CLASSES));
    var model = new Model(architecture, InputScaling.MINUS_ONE_TO_ONE,
        new RandomTensors(3).weights(architecture.network()), Map.of());
    Path weights = folder.resolve("small.safetensors");
    ModelFile.write(weights, model);
    int[] pixels = new int[50 * 90];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i * 7919;
    }
    float[] features;
    try (var loader = new URLClassLoader(new URL[] {compiled().toUri().toURL()}, getClass().getClassLoader())) {
      Method example =
          loader.loadClass("Example").getDeclaredMethod("features", Path.class, int[].class, int.class, int.class);
      example.setAccessible(true);
      features = (float[]) example.invoke(null, weights, pixels, 50, 90);
    }
    assertEquals(1280, features.length);
    try (var classifier = ImageClassifier.open(weights)) {
      assertArrayEquals(classifier.probabilities(pixels, 50, 90), softmax(dense(features, model)), 1e-6f);
    }
  }

  private static double[] dense(float[] features, Model model) {
    float[] kernel = model.weights().get(Head.KERNEL).floats();
    float[] bias = model.weights().get(Head.BIAS).floats();
    var logits = new double[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      logits[c] = bias[c];
      for (int i = 0; i < features.length; i++) {
        logits[c] += features[i] * (double) kernel[i * CLASSES + c];
      }
    }
    return logits;
  }

  private static float[] softmax(double[] logits) {
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    var probabilities = new float[logits.length];
    for (int c = 0; c < logits.length; c++) {
      probabilities[c] = (float) (Math.exp(logits[c]) / sum);
    }
    return probabilities;
  }

  private Path compiled() throws Exception {
    Path source = folder.resolve("Example.java");
    String imports = Stream
        .of("dev.lentil.backend", "dev.lentil.mobilenetv2", "dev.lentil.mobilenetv2.image", "dev.lentil.nn",
            "dev.lentil.plan", "dev.lentil.tensor", "java.nio.file", "java.util")
        .map(name -> "import " + name + ".*;\n")
        .collect(Collectors.joining());
    Files.writeString(source, imports + "class Example {\n" + example() + "}\n");
    var errors = new ByteArrayOutputStream();
    int rc = ToolProvider.getSystemJavaCompiler().run(null, errors, errors, "-cp",
        System.getProperty("java.class.path"), "-d", folder.toString(), source.toString());
    assertEquals(0, rc, () -> errors.toString(StandardCharsets.UTF_8));
    return folder;
  }

  private static String example() throws Exception {
    String page = Files.readString(SharedData.repositoryRoot().resolve("docs/library.md"));
    Matcher block = Pattern.compile("## Features.*?```java\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertTrue(block.find(), "docs/library.md has no example of features");
    return block.group(1);
  }
}
