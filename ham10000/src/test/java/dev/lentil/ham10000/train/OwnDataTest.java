package dev.lentil.ham10000.train;

import static dev.lentil.ham10000.train.TestRuns.lentil;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of one's own need not have what HAM10000 has. */
class OwnDataTest {
  @TempDir
  Path folder;
  private SmallHam ham;

  @BeforeEach
  void draw() throws IOException {
    ham = new SmallHam(folder.resolve("ham"), 60);
  }

  private void rewrite(UnaryOperator<String> line) throws IOException {
    var text = Files.readAllLines(ham.metadata()).stream().map(line).filter(l -> !l.isEmpty())
        .collect(Collectors.joining("\n", "", "\n"));
    Files.writeString(ham.metadata(), text);
  }

  @Test
  void noImageNeedsAnAge() throws IOException {
    rewrite(line -> line.replaceFirst(",[0-9]+\\.0,", ",,"));
    var printed = lentil(0, ham.train(folder.resolve("run"), "--set", "stage1.epochs=1", "--set", "stage2.epochs=0"));
    assertTrue(printed.contains("logistic regression on age, sex and site"), printed);
  }
}
