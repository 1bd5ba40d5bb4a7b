package dev.lentil.ham10000.data;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.io.AtomicFile;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The split as folders that image generators of other programs read: {@code train/benign/ISIC_0024306.jpg} and so on, one folder per
 * subset and class. The files are hard links where the file system allows them, otherwise copies.
 */
public final class ClassFolders {
  private ClassFolders() {}

  /**
   * Links or copies every image of the split; files that are there already stay.
   *
   * @return the number of files that were added
   * @throws UserError if an image of the split lies in the folder of another subset or class, where another split put it: it would
   *     be in both
   */
  public static int write(Path folder, Split split, ImageIndex images) {
    images.require(split.members().stream().map(Split.Member::imageId).toList());
    int added = 0;
    try {
      requireNoOtherSplit(folder, split);
      for (var member : split.members()) {
        var source = images.files().get(member.imageId());
        var to = Files.createDirectories(folder.resolve(place(split, member)));
        added += linkOrCopy(source, to.resolve(source.getFileName())) ? 1 : 0;
      }
      AtomicFile.write(folder.resolve("labels.txt"), split.task().labelsText());
    } catch (IOException e) {
      throw new UserError(
          folder + ": the class folders cannot be written (" + Reason.of(e) + "); choose another folder", e);
    }
    return added;
  }

  private static String place(Split split, Split.Member member) {
    return member.subset() + "/" + split.task().labels().get(member.label());
  }

  private static void requireNoOtherSplit(Path folder, Split split) throws IOException {
    var places = split.members().stream().collect(Collectors.toMap(Split.Member::imageId, m -> place(split, m)));
    for (var subset : Split.Subset.values()) {
      for (var group : foldersIn(folder.resolve(subset.toString()))) {
        for (var file : ImageIndex.imagesIn(group)) {
          var place = places.get(ImageIndex.imageId(file).orElseThrow());
          if (place != null && !folder.resolve(place).equals(group)) {
            throw new UserError(file + ": by this split the image belongs into " + folder.resolve(place)
                + ", so the folder is that of another split; remove " + folder + " or choose another folder");
          }
        }
      }
    }
  }

  private static List<Path> foldersIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(Files::isDirectory).toList();
    }
  }

  private static boolean linkOrCopy(Path source, Path target) throws IOException {
    if (Files.exists(target)) {
      return false;
    }
    try {
      Files.createLink(target, source);
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException | UnsupportedOperationException e) {
      // another disk, or a file system without links
      try (var in = Files.newInputStream(source)) {
        AtomicFile.write(target, Optional.empty(), Files.size(source),
            channel -> in.transferTo(Channels.newOutputStream(channel)));
      }
    }
    return true;
  }
}
