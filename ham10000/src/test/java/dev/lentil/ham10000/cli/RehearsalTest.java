package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void itClassifiesAPictureOfItsOwn() throws IOException {
    var out = new StringWriter();
    var err = new StringWriter();
    assertEquals(0, Rehearsal.run(new PrintWriter(out), new PrintWriter(err)), err.toString());
    assertEquals(5, out.toString().lines().filter(line -> line.contains("%")).count(), out.toString());
    assertTrue(out.toString().contains("black.jpg"), out.toString());
  }
}
