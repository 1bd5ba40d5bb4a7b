package dev.lentil.ham10000;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why reading or writing failed, in words for the brackets of a message that names the file itself. */
public final class Reason {
  private Reason() {}

  /** The reason, without names of Java's classes. */
  public static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException f -> "there is no " + f.getFile();
      case AccessDeniedException _ -> "access denied";
      case FileAlreadyExistsException f -> f.getFile() + " is there already and is no folder";
      case NotDirectoryException f -> f.getFile() + " is no folder";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      case FileSystemException _ -> "input/output error";
      case EOFException _ -> "it ends too early";
      case UnknownHostException _ -> "the server's name is not known";
      case ConnectException c when unresolved(c) -> "the server's name is not known";
      case ConnectException _ -> "the server does not take the connection";
      case IOException io when "Is a directory".equals(io.getMessage()) -> "it is a folder";
      case IOException io when io.getMessage() != null && !io.getMessage().isBlank() -> io.getMessage();
      case IOException io when io.getCause() instanceof IOException cause -> of(cause);
      default -> "input/output error";
    };
  }

  private static boolean unresolved(Throwable e) {
    return e instanceof UnresolvedAddressException || e.getCause() != null && unresolved(e.getCause());
  }
}
