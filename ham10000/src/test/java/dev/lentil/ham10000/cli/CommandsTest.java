package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class CommandsTest {
  @Test
  void eachIsListedUnderItsOwnName() {
    for (String name : names(Commands.all())) {
      assertEquals(List.of(name), names(Commands.neededFor(name, "--help")));
    }
  }

  @Test
  void whateverBeginsOtherwiseMayNeedAny() {
    var all = names(Commands.all());
    assertEquals(all, names(Commands.neededFor()));
    assertEquals(all, names(Commands.neededFor("--help")));
    assertEquals(all, names(Commands.neededFor("docter")));
  }

  private static List<String> names(List<Callable<Integer>> commands) {
    return commands.stream().map(command -> command.getClass().getAnnotation(Command.class).name()).toList();
  }
}
