package dev.lentil.ham10000.data;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.io.AtomicFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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
   */
  public static int write(Path folder, Split split, ImageIndex images) {
    images.require(split.members().stream().map(Split.Member::imageId).toList());
    int added = 0;
    try {
      for (var member : split.members()) {
        var source = images.files().get(member.imageId());
        var to = Files.createDirectories(
            folder.resolve(member.subset().toString()).resolve(split.task().labels().get(member.label())));
        added += linkOrCopy(source, to.resolve(source.getFileName())) ? 1 : 0;
      }
      AtomicFile.write(folder.resolve("labels.txt"), split.task().labelsText());
    } catch (IOException e) {
      throw new UserError(
          folder + ": the class folders cannot be written (" + Reason.of(e) + "); choose another folder", e);
    }
    return added;
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
      var part = target.resolveSibling(target.getFileName() + ".part");
      Files.copy(source, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }
    return true;
  }
}
