package dev.lentil.ham10000.cli;

import dev.lentil.io.FileReason;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import picocli.CommandLine.ExitCode;

/** Standard output. Java's printing classes swallow its errors, and half a document on a full disk would look like a whole one. */
final class Printed extends FilterOutputStream {
  /** Of the operating system, when whoever reads has read enough, as {@code head} does. */
  private static final String READER_GONE = "Broken pipe";

  private IOException failure;

  Printed(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /**
   * What the program ends with.
   *
   * @param exitCode if all was printed
   */
  int exitCode(int exitCode, PrintStream err) {
    if (failure == null || READER_GONE.equals(failure.getMessage())) {
      return exitCode;
    }
    err.println("error: standard output could not be written to its end (" + FileReason.of(failure)
        + "); print to where there is room");
    return exitCode == ExitCode.OK ? ExitCode.SOFTWARE : exitCode;
  }
}
