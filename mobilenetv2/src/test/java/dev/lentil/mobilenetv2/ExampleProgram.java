package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.testing.SharedData;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A Java program of the documentation, compiled with the engine and this module alone on the class path. */
final class ExampleProgram {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  private final String name;
  private final String classPath;

  private ExampleProgram(String name, String classPath) {
    this.name = name;
    this.classPath = classPath;
  }

  /**
   * @param page from the repository's root
   * @param name of the program's class
   * @param folder for its source and its classes
   */
  static ExampleProgram of(String page, String name, Path folder) throws IOException {
    String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.replace('\\', '/').endsWith("/target/classes") || entry.contains("lentil-"))
        .filter(entry -> !Path.of(entry).getFileName().toString().contains("test"))
        .collect(Collectors.joining(File.pathSeparator));
    Path source = folder.resolve(name + ".java");
    Files.writeString(source, source(page, name));
    int compiled = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-Xlint:all", "-Werror", "-cp", classPath,
        "-d", folder.toString(), source.toString());
    assertEquals(0, compiled, page + ": " + name + " does not compile");
    return new ExampleProgram(name, classPath + File.pathSeparator + folder);
  }

  private static String source(String page, String name) throws IOException {
    String text = Files.readString(SharedData.repositoryRoot().resolve(page));
    List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(text).results()
        .map((MatchResult block) -> block.group(1)).filter(block -> block.contains("public class " + name + " {"))
        .toList();
    assertEquals(1, blocks.size(), page + " has the program " + name + " once");
    return blocks.getFirst();
  }

  /** What it prints. */
  List<String> run(List<String> javaOptions, String... arguments) throws IOException, InterruptedException {
    List<String> command = Stream.of(List.of(JAVA.toString()), javaOptions, List.of("-cp", classPath, name),
        List.of(arguments)).flatMap(List::stream).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertTrue(process.waitFor() == 0, () -> String.join("\n", lines));
    return lines;
  }
}
