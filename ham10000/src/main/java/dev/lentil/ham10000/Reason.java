package dev.lentil.ham10000;

import dev.lentil.io.FileReason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;

/** Why reading, writing or fetching failed, in words for the brackets of a message that names the file itself. */
public final class Reason {
  private Reason() {}

  /** The reason, without names of Java's classes. */
  public static String of(IOException e) {
    return switch (e) {
      case UnknownHostException _ -> "the server's name is not known";
      case ConnectException c when unresolved(c) -> "the server's name is not known";
      case ConnectException _ -> "the server does not take the connection";
      default -> FileReason.of(e);
    };
  }

  private static boolean unresolved(Throwable e) {
    return e instanceof UnresolvedAddressException || e.getCause() != null && unresolved(e.getCause());
  }
}
