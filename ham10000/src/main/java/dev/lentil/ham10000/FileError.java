package dev.lentil.ham10000;

/** A {@link UserError} about one file, in its parts: the message is {@code FILE: WHAT; REMEDY}. */
public final class FileError extends UserError {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final String what;
  private final String remedy;

  /** @param file its path, or what it is called where it has none */
  public FileError(Object file, String what, String remedy, Throwable cause) {
    super(file + ": " + what + "; " + remedy, cause);
    this.file = file.toString();
    this.what = what;
    this.remedy = remedy;
  }

  public FileError(Object file, String what, String remedy) {
    this(file, what, remedy, null);
  }

  public String file() {
    return file;
  }

  /** What is wrong with the file. */
  public String what() {
    return what;
  }

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }
}
