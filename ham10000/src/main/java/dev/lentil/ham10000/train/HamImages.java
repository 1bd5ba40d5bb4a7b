package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.ImageCache;
import dev.lentil.ham10000.data.ImageCacheWriter;
import dev.lentil.ham10000.data.ImageIndex;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** HAM10000 as configured: read, split, and decoded into the image cache where that was not done before. */
public final class HamImages implements AutoCloseable {
  private static final int PROGRESS_EVERY = 1000;

  private final ImageIndex index;
  private final ImageCache cache;
  private final RunData data;

  private HamImages(ImageIndex index, ImageCache cache, RunData data) {
    this.index = index;
    this.cache = cache;
    this.data = data;
  }

  /** @param say told what is done, a line at a time */
  public static HamImages open(TrainingConfig config, Consumer<String> say) {
    var split = split(config);
    List<String> ids = split.members().stream().map(Split.Member::imageId).toList();
    var index = ImageIndex.discover(config.data(), ids);
    var cache = cache(config, index, ids, say);
    return new HamImages(index, cache, new RunData(split, cache, cache::indexOf));
  }

  /**
   * Which image is in which subset.
   *
   * @throws UserError also if a subset lacks a class that a run needs
   */
  static Split split(TrainingConfig config) {
    var split = config.split(Metadata.read(config.metadata()));
    ClassesNeeded.require(split, config);
    return split;
  }

  private static ImageCache cache(TrainingConfig config, ImageIndex index, List<String> ids, Consumer<String> say) {
    Path file = cacheFile(config);
    var size = config.resolution();
    var result = ImageCacheWriter.write(file, index, ids, size.height(), size.width(), config.resize(),
        config.deviceOptions().threads(), progress(say));
    say.accept("Image cache " + result.file() + ": " + result.made() + " images decoded now, " + result.kept()
        + " were there already");
    var cache = ImageCache.open(file);
    if (cache.isMadeFrom(index, ids)) {
      return cache;
    }
    // a run on other data, with the same folder for its cache, put its own in this place just now
    cache.close();
    return cache(config, index, ids, say);
  }

  private static ImageCacheWriter.Progress progress(Consumer<String> say) {
    return new ImageCacheWriter.Progress() {
      @Override
      public void images(int done, int total) {
        if (done % PROGRESS_EVERY == 0 || done == total) {
          say.accept("  image cache: " + done + " of " + total + " images");
        }
      }

      @Override
      public void waiting(String line) {
        say.accept(line);
      }
    };
  }

  /** The cache's file for a size and a way of resizing. */
  static Path cacheFile(TrainingConfig config) {
    var size = config.resolution();
    return config.cache().resolve(ImageCache.fileName(size.height(), size.width(), config.resize()));
  }

  public RunData data() {
    return data;
  }

  /** Where the image files are. */
  public ImageIndex index() {
    return index;
  }

  @Override
  public void close() {
    cache.close();
  }
}
