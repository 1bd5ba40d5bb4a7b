package dev.lentil.ham10000.download;

import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A zip archive of images. */
public final class ImageArchive {
  private ImageArchive() {}

  /**
   * Unpacks the images into one folder, whatever folders they are in; those that are there are left as they are.
   *
   * @return how many images the archive holds
   * @throws UserError if the archive is damaged
   */
  public static int unpack(Path archive, Path folder) {
    int count = 0;
    try (var zip = new ZipFile(archive.toFile())) {
      Files.createDirectories(folder);
      for (ZipEntry entry : Collections.list(zip.entries())) {
        // The last part alone, so that no name leads out of the folder.
        String name = entry.getName().substring(entry.getName().replace('\\', '/').lastIndexOf('/') + 1);
        boolean image = name.toLowerCase(Locale.ROOT).endsWith(".jpg") && !name.startsWith(".");
        if (!entry.isDirectory() && image) {
          count++;
          unpack(zip, entry, folder.resolve(name));
        }
      }
    } catch (IOException e) {
      throw new UserError(archive + ": this archive is damaged (" + e.getMessage() + "); delete it and fetch it again",
          e);
    }
    return count;
  }

  private static void unpack(ZipFile zip, ZipEntry entry, Path target) throws IOException {
    if (Files.exists(target)) {
      return;
    }
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try (InputStream in = zip.getInputStream(entry)) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
