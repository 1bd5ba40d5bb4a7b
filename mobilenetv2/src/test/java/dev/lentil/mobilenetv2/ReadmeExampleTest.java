package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.nn.Initializer;
import dev.lentil.testing.SharedData;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's library example compiles and runs with the engine and this module alone on the class path. */
class ReadmeExampleTest {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  @TempDir
  private Path folder;

  @Test
  void compilesAndRunsWithTwoModulesAndWithoutTheVectorModule() throws Exception {
    String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.replace('\\', '/').endsWith("/target/classes") || entry.contains("lentil-"))
        .filter(entry -> !Path.of(entry).getFileName().toString().contains("test"))
        .collect(Collectors.joining(File.pathSeparator));
    Path source = folder.resolve("Classify.java");
    Files.writeString(source, example());
    int compiled = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-cp", classPath, "-d", folder.toString(),
        source.toString());
    assertEquals(0, compiled, "the README's example does not compile");
    Path weights = folder.resolve("small.safetensors");
    var architecture = MobileNetV2.keras(0.35, 32, 32, new Head.Classifier(5));
    ModelFile.write(weights, new Model(architecture, InputScaling.MINUS_ONE_TO_ONE,
        Initializer.weights(architecture.network(), 1), Map.of()));
    Path photo = folder.resolve("photo.jpg");
    assertTrue(ImageIO.write(photo(), "jpeg", photo.toFile()));
    String runClassPath = classPath + File.pathSeparator + folder;
    List<String> vector =
        run("--add-modules", "jdk.incubator.vector", "-cp", runClassPath, "Classify", weights.toString(),
            photo.toString());
    List<String> plain = run("-cp", runClassPath, "Classify", weights.toString(), photo.toString());
    assertEquals(3, plain.stream().filter(line -> line.matches("[0-4] [0-9.E-]+")).count(),
        () -> String.join("\n", plain));
    assertEquals(3, vector.stream().filter(line -> line.matches("[0-4] [0-9.E-]+")).count(),
        () -> String.join("\n", vector));
    assertEquals(1, plain.stream().filter(line -> line.contains("--add-modules jdk.incubator.vector")).count(),
        () -> "one line says what is lost and how to get it:\n" + String.join("\n", plain));
  }

  private static BufferedImage photo() {
    var photo = new BufferedImage(90, 50, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < photo.getWidth(); x++) {
      for (int y = 0; y < photo.getHeight(); y++) {
        photo.setRGB(x, y, 2 * x << 16 | 5 * y << 8 | x + y);
      }
    }
    return photo;
  }

  private String example() throws Exception {
    String readme = Files.readString(SharedData.repositoryRoot().resolve("README.md"));
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
    assertTrue(block.find(), "README.md has no Java example");
    return block.group(1);
  }

  private static List<String> run(String... arguments) throws Exception {
    var command = Stream.concat(Stream.of(JAVA.toString()), Stream.of(arguments)).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
    return lines;
  }
}
