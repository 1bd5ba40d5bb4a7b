package dev.lentil.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Why a file could not be read or written, in words for the brackets of a message that names the file itself. */
public final class FileReason {
  private FileReason() {}

  /**
   * Why it cannot be told whether a file is there, as below a folder that may not be entered; empty if it can. {@link Files#exists}
   * and {@link Files#isRegularFile} answer false then, as of a file that is not there.
   */
  public static Optional<String> unreachable(Path file) {
    try {
      Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(of(e));
    }
  }

  /** The reason, without names of Java's classes: the messages of many of them are the path alone, or nothing. */
  public static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException f -> "there is no " + f.getFile();
      case AccessDeniedException _ -> "access denied";
      case FileAlreadyExistsException f -> f.getFile() + " is there already and is no folder";
      case NotDirectoryException f -> f.getFile() + " is no folder";
      // JDK 26 throws this one, later ones without a reason; those before threw a FileSystemException that has it
      case FileSystemLoopException _ -> "Too many levels of symbolic links";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      case FileSystemException _ -> "input/output error";
      case EOFException _ -> "it ends too early";
      case ClosedByInterruptException _ -> "the thread was interrupted";
      case IOException io when "Is a directory".equals(io.getMessage()) -> "it is a folder";
      case IOException io when io.getMessage() != null && !io.getMessage().isBlank() -> io.getMessage();
      case IOException io when io.getCause() instanceof IOException cause -> of(cause);
      default -> "input/output error";
    };
  }
}
