package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.download.Checksum;
import dev.lentil.ham10000.download.Dataverse;
import dev.lentil.ham10000.download.Downloader;
import dev.lentil.ham10000.download.ImageArchive;
import dev.lentil.ham10000.download.KerasWeights;
import dev.lentil.ham10000.download.RemoteFile;
import dev.lentil.weights.WeightFile;
import dev.lentil.weights.store.WeightFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lentil download}: ImageNet weights or HAM10000, from where their authors keep them. */
@Command(
    name = "download",
    description = "Download Keras's ImageNet weights (mobilenet_v2) or the data set (ham10000). Without "
        + "--accept-licence it only shows what would be downloaded and the licence.",
    footer = {"", "The part of a file that has arrived is kept; the same command continues after a stop.", "",
        "Example:",
        "  ./lentil download mobilenet_v2 --alpha 0.35 --resolution 96 --accept-licence"})
final class DownloadCommand implements Callable<Integer> {
  /** What there is. */
  private enum What {
    mobilenet_v2, ham10000
  }

  @Parameters(paramLabel = "WHAT", description = "mobilenet_v2 or ham10000.")
  private What what;

  @Option(names = "--to", paramLabel = "DIR", defaultValue = ".", description = "Folder (default: here).")
  private Path folder;

  @Option(names = "--alpha", defaultValue = "1.0", description = "Width multiplier (default: ${DEFAULT-VALUE}).")
  private double alpha;

  @Option(names = "--resolution", paramLabel = "N", defaultValue = "224",
      description = "Size of the images that the weights were trained with (default: ${DEFAULT-VALUE}).")
  private int resolution;

  @Option(names = "--no-top", description = "The weights without ImageNet's classes.")
  private boolean noTop;

  @Option(names = "--mirror", paramLabel = "URL", description = "Another server with the same files.")
  private Optional<String> mirror;

  @Option(names = "--sha256", paramLabel = "HEX",
      description = "The SHA-256 that the weights must have, if you know it.")
  private Optional<String> sha256;

  @Option(names = "--accept-licence", description = "You accept the licence that is shown.")
  private boolean accepted;

  @Mixin
  private Output output;

  @Override
  public Integer call() {
    if (what == What.ham10000) {
      output.refuse("is for mobilenet_v2; leave it out", "--alpha", "--resolution", "--no-top", "--sha256");
    }
    mirror.ifPresent(this::requireAddress);
    try (var downloader = new Downloader()) {
      List<RemoteFile> files = files(downloader);
      var sizes = new HashMap<RemoteFile, OptionalLong>();
      String licence = what == What.ham10000 ? Dataverse.LICENCE : KerasWeights.LICENCE;
      for (RemoteFile file : files) {
        sizes.put(file, downloader.size(file));
        say(file.uri() + "  " + size(sizes.get(file)));
      }
      say("Licence: " + licence);
      if (!accepted) {
        throw new UserError("nothing was fetched: read the licence above and give --accept-licence if you accept it");
      }
      var fetched = new ArrayList<Map<String, Object>>();
      for (RemoteFile file : files) {
        var holds = new AtomicReference<String>();
        Path there = downloader.fetch(file, folder, part -> holds.set(content(file, part)),
            progress(file, sizes.get(file)));
        fetched.add(document(there, what == What.ham10000 && !isTable(file) ? unpacked(there) : holds.get()));
      }
      var document = new LinkedHashMap<String, Object>();
      document.put("licence", licence);
      document.put("files", fetched);
      output.show(document, () -> String.join("\n", fetched.stream()
          .map(entry -> entry.get("file") + ": " + entry.get("holds") + ", SHA-256 " + entry.get("sha256")).toList()));
      return ExitCode.OK;
    }
  }

  private void requireAddress(String server) {
    try {
      URI address = new URI(server);
      if (address.getHost() != null && String.valueOf(address.getScheme()).matches("(?i)https?")) {
        return;
      }
    } catch (URISyntaxException _) {
      // said below
    }
    throw output
        .badUsage("--mirror is " + server + ", but must be a server's address, such as https://example.org/weights");
  }

  private List<RemoteFile> files(Downloader downloader) {
    if (what == What.mobilenet_v2) {
      String home = mirror.orElse(KerasWeights.HOME);
      RemoteFile file = noTop
          ? KerasWeights.features(home, alpha, resolution)
          : KerasWeights.classifier(home, alpha, resolution);
      return List.of(new RemoteFile(file.name(), file.uri(), file.size(),
          sha256.map(hex -> new Checksum("SHA-256", hex))));
    }
    String home = mirror.orElse(Dataverse.HOME);
    Path listing = downloader.fetch(Dataverse.listing(home), folder, _ -> {}, _ -> {});
    try {
      return Dataverse.files(home, listing);
    } finally {
      // It is of the moment; the next run asks again.
      listing.toFile().delete();
    }
  }

  /** What a fetched file holds: reading it is the check that a check sum cannot be where none is published. */
  private String content(RemoteFile file, Path there) {
    if (what == What.mobilenet_v2) {
      double found = alpha(there);
      if (found != alpha) {
        throw new UserError(there + ": these are weights of alpha " + found + ", not " + alpha);
      }
      return "MobileNetV2 " + found;
    }
    // an archive's size and check sum are those of the server's listing
    return isTable(file) ? Metadata.read(there).rows().size() + " rows" : "";
  }

  private static double alpha(Path there) {
    try {
      return WeightFile.open(there).model().architecture().alpha();
    } catch (WeightFileException e) {
      throw new UserError(e.getMessage(), e);
    }
  }

  private static boolean isTable(RemoteFile file) {
    return file.name().equals(Metadata.FILE_NAME);
  }

  private String unpacked(Path archive) {
    Path images = folder.resolve("images");
    return ImageArchive.unpack(archive, images) + " images, unpacked into " + images;
  }

  private static Map<String, Object> document(Path there, String holds) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("file", there);
    entry.put("holds", holds);
    try {
      entry.put("bytes", Files.size(there));
      entry.put("sha256", Checksum.of(there, "SHA-256").hex());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entry;
  }

  /** Tells of every twentieth part that has come, or of every 50 MB where the whole is unknown. */
  private LongConsumer progress(RemoteFile file, OptionalLong total) {
    long step = Math.max(1, total.orElse(1_000_000_000) / 20);
    long[] told = {0};
    return have -> {
      if (have / step > told[0]) {
        told[0] = have / step;
        say(String.format(Locale.ROOT, "%s: %.1f MB%s", file.name(), have / 1e6,
            total.isPresent() ? String.format(Locale.ROOT, " of %.1f MB", total.getAsLong() / 1e6) : ""));
      }
    };
  }

  private static String size(OptionalLong size) {
    return size.isPresent() ? String.format(Locale.ROOT, "%.1f MB", size.getAsLong() / 1e6) : "of unknown size";
  }

  private void say(String line) {
    output.progress().println(line);
    output.progress().flush();
  }
}
