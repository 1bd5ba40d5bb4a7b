package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.data.ImageIndex;
import dev.lentil.ham10000.data.Metadata;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the data set is: a mixin for every command that reads its images. */
public final class DataOptions extends MetadataOptions {
  @Option(names = "--images", paramLabel = "DIR",
      description = "Folder with images; may be repeated. Default: the folder below --data with the most images, and other folders"
          + " there that have images which it lacks.")
  private List<Path> images = List.of();

  /** The folders named with {@code --images}; empty when they are to be found. */
  public List<Path> imageFolders() {
    return images;
  }

  /** The image files, from the named folders or else from those that cover most of the metadata. */
  public ImageIndex images(Metadata metadata) {
    return images.isEmpty()
        ? ImageIndex.discover(folder(), metadata.rows().stream().map(Metadata.Row::imageId).toList())
        : ImageIndex.of(images);
  }
}
