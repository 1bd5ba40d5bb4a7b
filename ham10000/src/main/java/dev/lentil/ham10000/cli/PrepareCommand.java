package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.data.ClassFolders;
import dev.lentil.ham10000.data.ImageCache;
import dev.lentil.ham10000.data.ImageCacheWriter;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.train.TrainingConfig;
import dev.lentil.mobilenetv2.image.Resize;
import dev.lentil.train.ProgressPrinter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lentil prepare}: all images decoded and resized into one cache file. */
@Command(
    name = "prepare",
    description = "Decode and resize all images into one file that training maps into memory. The same command continues after a stop.",
    footer = {"", "Example:", "  ./lentil prepare --data ~/ham10000 --size 224"})
final class PrepareCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})(?:x(\\d{1,5}))?");

  @Mixin
  private Output output;
  @Mixin
  private DataOptions data;

  @Option(names = "--size", paramLabel = "HxW",
      description = "Height x width, or one number for both. Default: ${DEFAULT-VALUE}.")
  private String size = "224";

  @Option(names = "--resize", paramLabel = "METHOD",
      description = "bilinear (antialiased) or nearest (Keras's generators). Default: ${DEFAULT-VALUE}.")
  private Resize resize = Resize.BILINEAR;

  @Option(names = "--out", paramLabel = "FILE",
      description = "The cache file. Default:%n  .lentil/cache/ham10000-HxW-METHOD.cache")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--class-folders", paramLabel = "DIR",
      description = "Also link or copy the images into DIR/train/benign, DIR/train/malignant and so on.")
  private Optional<Path> classFolders = Optional.empty();

  @Option(names = "--threads", paramLabel = "N", description = "Threads that decode images. Default: all cores.")
  private int threads = Runtime.getRuntime().availableProcessors();

  /** Where the cache is unless {@code --out} names another place. */
  static Path defaultFile(int height, int width, Resize resize) {
    return TrainingConfig.defaults().cache().resolve(ImageCache.fileName(height, width, resize));
  }

  @Override
  public Integer call() {
    var match = SIZE.matcher(size);
    if (!match.matches()) {
      throw output.badUsage("--size " + size + " is not a size; write one number, or height x width as 192x256");
    }
    int height = Integer.parseInt(match.group(1));
    int width = Optional.ofNullable(match.group(2)).map(Integer::parseInt).orElse(height);
    if (height < 1 || width < 1 || height > 8192 || width > 8192) {
      throw output.badUsage("--size " + size + " is not in 1..8192");
    }
    output.requirePositive("--threads", threads);
    var metadata = data.metadata();
    var images = data.images(metadata);
    var progress = output.progress();
    progress.println("Images from " + images.folders().stream().map(Path::toString).collect(Collectors.joining(", ")));
    progress.flush();
    var ids = metadata.rows().stream().map(Metadata.Row::imageId).toList();
    var result =
        ImageCacheWriter.write(out.orElse(defaultFile(height, width, resize)), images, ids, height, width, resize,
            threads, new ImageProgress(progress, ProgressPrinter.Style.detect(), "prepare"));
    var linked = classFolders
        .map(folder -> ClassFolders.write(folder, Split.of(metadata, Task.BINARY, Split.PAPER_SEED), images));

    var document = new LinkedHashMap<String, Object>();
    document.put("file", result.file());
    document.put("height", height);
    document.put("width", width);
    document.put("resize", resize.toString());
    document.put("images", ids.size());
    document.put("made", result.made());
    document.put("kept", result.kept());
    document.put("image_folders", images.folders());
    linked.ifPresent(count -> document.put("class_folder_files_added", count));
    output.show(document,
        () -> ids.size() + " images of " + height + "x" + width + " in " + result.file() + " (" + result.made()
            + " made now, " + result.kept() + " were there)"
            + linked.map(count -> "\n" + count + " files added to " + classFolders.orElseThrow()).orElse(""));
    return ExitCode.OK;
  }
}
