package dev.lentil.ham10000.download;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.io.AtomicFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A zip archive of images. */
public final class ImageArchive {
  private ImageArchive() {}

  /**
   * Unpacks the images into one folder, whatever folders they are in; those that are there are left as they are.
   *
   * @return how many images the archive holds
   * @throws UserError if the archive is damaged, or the disk does not take all of them
   */
  public static int unpack(Path archive, Path folder) {
    try (var zip = new ZipFile(archive.toFile())) {
      Files.createDirectories(folder);
      List<? extends ZipEntry> images = zip.stream().filter(ImageArchive::isImage).toList();
      List<? extends ZipEntry> missing =
          images.stream().filter(entry -> !Files.exists(folder.resolve(name(entry)))).toList();
      requireRoom(folder, missing);
      for (ZipEntry entry : missing) {
        unpack(zip, entry, folder.resolve(name(entry)));
      }
      return images.size();
    } catch (IOException e) {
      if (isDamage(e) || isDamage(e.getCause())) {
        throw new UserError(archive + ": this archive is damaged (" + e.getMessage()
            + "); delete it and fetch it again", e);
      }
      throw new UserError(archive + ": it cannot be unpacked into " + folder + " (" + Reason.of(e)
          + "); check the folder and make room, then run the command again, which goes on with the images that are missing",
          e);
    }
  }

  /** The last part of the name alone, so that none leads out of the folder. */
  private static String name(ZipEntry entry) {
    return entry.getName().substring(entry.getName().replace('\\', '/').lastIndexOf('/') + 1);
  }

  private static boolean isImage(ZipEntry entry) {
    String name = name(entry);
    return !entry.isDirectory() && name.toLowerCase(Locale.ROOT).endsWith(".jpg") && !name.startsWith(".");
  }

  private static void requireRoom(Path folder, List<? extends ZipEntry> entries) {
    long needed = entries.stream().mapToLong(entry -> Math.max(0, entry.getSize())).sum();
    OptionalLong free = AtomicFile.freeBytes(folder);
    if (free.isPresent() && free.getAsLong() < needed) {
      throw new UserError(String.format(Locale.ROOT,
          "%s: the %d images to unpack need %,d bytes and %,d are free there; make room, or choose another folder with --to",
          folder, entries.size(), needed, free.getAsLong()));
    }
  }

  private static boolean isDamage(Throwable e) {
    return e instanceof ZipException || e instanceof EOFException;
  }

  private static void unpack(ZipFile zip, ZipEntry entry, Path target) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      AtomicFile.write(target, Optional.empty(), Math.max(0, entry.getSize()),
          channel -> in.transferTo(Channels.newOutputStream(channel)));
    }
  }
}
