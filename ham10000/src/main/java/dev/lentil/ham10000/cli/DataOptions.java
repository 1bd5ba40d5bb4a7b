package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.data.DataFolder;
import dev.lentil.ham10000.data.ImageIndex;
import dev.lentil.ham10000.data.Metadata;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the data set is: a mixin for every command that reads it. */
public final class DataOptions {
  @Option(names = "--data", paramLabel = "DIR",
      description = "Folder with HAM10000_metadata.csv and, in it or below it, the images. Default: ham10000 in the folder that"
          + " LENTIL_DATA names, else ../shared/data/ham10000.")
  private Path data = Path.of(DataFolder.path(), "ham10000");

  @Option(names = "--images", paramLabel = "DIR",
      description = "Folder with images; may be given several times. Default: below --data, the folder with most of the images, and any"
          + " others that add missing ones.")
  private List<Path> images = List.of();

  public Path folder() {
    return data;
  }

  /** The folders named with {@code --images}; empty when they are to be found. */
  public List<Path> imageFolders() {
    return images;
  }

  public Metadata metadata() {
    return Metadata.read(data.resolve(Metadata.FILE_NAME));
  }

  /** The image files, from the named folders or else from those that cover most of the metadata. */
  public ImageIndex images(Metadata metadata) {
    return images.isEmpty()
        ? ImageIndex.discover(data, metadata.rows().stream().map(Metadata.Row::imageId).toList())
        : ImageIndex.of(images);
  }
}
