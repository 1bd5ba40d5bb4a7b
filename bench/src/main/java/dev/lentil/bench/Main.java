package dev.lentil.bench;

import java.util.List;

/** The program {@code lentil} with the command {@code bench}, which needs the libraries of this module. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    dev.lentil.ham10000.cli.Main.start(List.of(new BenchCommand()), args);
  }
}
