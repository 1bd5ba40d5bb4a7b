package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UserError;

/** A run that a signal stopped, at a checkpoint. */
public final class RunStopped extends UserError {
  private static final long serialVersionUID = 1;
  /** What a shell adds to a signal's number for the exit code of a program that ended by it. */
  static final int BY_SIGNAL = 128;

  private final int signal;

  /** @param signal its number */
  RunStopped(int signal, String message) {
    super(message);
    this.signal = signal;
  }

  /** The same with more to say. */
  RunStopped saying(String more) {
    return new RunStopped(signal, getMessage() + more);
  }

  /** What a shell expects of a program that ended by this signal. */
  public int exitCode() {
    return BY_SIGNAL + signal;
  }
}
