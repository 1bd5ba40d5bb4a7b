package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Utf8File;
import dev.lentil.mobilenetv2.Head;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The names of a network's classes; a class without one is called by its number. */
record ClassNames(List<String> names) {
  ClassNames {
    names = List.copyOf(names);
  }

  /**
   * The names in the given file, or in one that commonly stands with the weights and fits them.
   *
   * @param head that the weights have
   * @throws UserError if it has no classes, or the given file cannot be read or has another number of names
   */
  static ClassNames find(Optional<Path> given, Path weights, Head head) {
    int classes = head.classes();
    if (classes == 0) {
      throw new UserError(
          weights + ": these weights have no classes, only features; give a file with predictions/kernel");
    }
    if (given.isPresent()) {
      List<String> names = read(given.get());
      if (names.size() != classes) {
        throw new UserError(given.get() + ": has " + names.size() + " names, but the network has " + classes
            + " classes; give a file with one name a line");
      }
      return new ClassNames(names);
    }
    Path folder = weights.toAbsolutePath().normalize().getParent();
    return Stream.of("labels.txt", "imagenet_labels.txt", "../photos/imagenet_labels.txt").map(folder::resolve)
        .filter(Files::isRegularFile).map(ClassNames::read).filter(names -> names.size() == classes).findFirst()
        .map(ClassNames::new).orElse(new ClassNames(List.of()));
  }

  String name(int index) {
    return index < names.size() ? names.get(index) : "class " + index;
  }

  private static List<String> read(Path file) {
    try {
      return withoutNumbers(
          Utf8File.read(file).lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
    } catch (CharacterCodingException e) {
      throw new UserError(file + ": is not UTF-8 text; give a file with one name a line", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines as the split's {@code labels.txt} has them, {@code 0 benign}, lose the number; others stay. */
  private static List<String> withoutNumbers(List<String> lines) {
    boolean numbered = IntStream.range(0, lines.size()).allMatch(i -> lines.get(i).startsWith(i + " "));
    return numbered ? lines.stream().map(line -> line.substring(line.indexOf(' ')).strip()).toList() : lines;
  }
}
