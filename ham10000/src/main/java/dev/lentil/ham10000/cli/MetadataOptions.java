package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.data.DataFolder;
import dev.lentil.ham10000.data.Metadata;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/**
 * Where the data set is: a mixin for every command that reads its metadata alone; {@link DataOptions} is for those that read
 * images.
 */
public class MetadataOptions {
  @Option(names = "--data", paramLabel = "DIR",
      description = "Folder with HAM10000_metadata.csv. Commands that need images look for them in this folder and below. Default:"
          + " ham10000 in the folder that LENTIL_DATA names, otherwise%n  ../shared/data/ham10000")
  private Path data = Path.of(DataFolder.path(), "ham10000");

  public Path folder() {
    return data;
  }

  public Metadata metadata() {
    return Metadata.read(data.resolve(Metadata.FILE_NAME));
  }
}
