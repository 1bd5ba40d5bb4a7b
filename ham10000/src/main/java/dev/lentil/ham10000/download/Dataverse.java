package dev.lentil.ham10000.download;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.json.Json;
import dev.lentil.json.JsonException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * HAM10000 at Harvard's Dataverse, whose listing gives each file's size and check sum. Source: Dataverse's Native API,
 * "List Files in a Dataset", and Data Access API, "Basic File Access".
 */
public final class Dataverse {
  /** The server. */
  public static final String HOME = "https://dataverse.harvard.edu/";
  /** The data set's licence. */
  public static final String LICENCE = "CC BY-NC 4.0 (https://creativecommons.org/licenses/by-nc/4.0/): not for "
      + "commercial use; cite Tschandl, Rosendahl and Kittler 2018, doi:10.1038/sdata.2018.161";

  private static final String DOI = "doi:10.7910/DVN/DBW86T";
  private static final String IMAGES = "HAM10000_images";
  private static final String TABLE = "HAM10000_metadata";

  private Dataverse() {}

  /** Where the listing is. */
  public static RemoteFile listing(String home) {
    return new RemoteFile("dataverse-listing.json", URI.create(base(home) + "api/datasets/:persistentId/versions/"
        + ":latest-published/files?persistentId=" + DOI), Optional.empty(), Optional.empty());
  }

  /**
   * The images' archives and the metadata among the files of the data set.
   *
   * @param listing the file that {@link #listing} names
   * @throws UserError if they are not in it
   */
  public static List<RemoteFile> files(String home, Path listing) {
    var files = new ArrayList<RemoteFile>();
    try {
      if (Json.parse(Files.readString(listing)) instanceof Map<?, ?> answer
          && answer.get("data") instanceof List<?> entries) {
        for (Object entry : entries) {
          if (entry instanceof Map<?, ?> outer && outer.get("dataFile") instanceof Map<?, ?> file) {
            wanted(home, file).ifPresent(files::add);
          }
        }
      }
    } catch (IOException | JsonException e) {
      throw new UserError(listing + ": the server's listing cannot be read (" + e.getMessage() + "); try again", e);
    }
    boolean complete = files.stream().anyMatch(file -> file.name().equals(Metadata.FILE_NAME))
        && files.stream().anyMatch(file -> file.name().startsWith(IMAGES));
    if (!complete) {
      throw new UserError(listing + ": the server's listing names no " + IMAGES + " or no " + TABLE
          + "; fetch the data set by hand from https://doi.org/10.7910/DVN/DBW86T");
    }
    return files;
  }

  private static Optional<RemoteFile> wanted(String home, Map<?, ?> file) {
    if (!(file.get("filename") instanceof String name) || !(file.get("id") instanceof Long id)
        || !(file.get("filesize") instanceof Long size)) {
      return Optional.empty();
    }
    String address = base(home) + "api/access/datafile/" + id;
    if (name.matches(IMAGES + "[\\w.-]*\\.zip")) {
      Optional<Checksum> md5 = file.get("md5") instanceof String hex
          ? Optional.of(new Checksum("MD5", hex))
          : Optional.empty();
      return Optional.of(new RemoteFile(name, URI.create(address), Optional.of(size), md5));
    }
    if (name.matches(TABLE + "\\.(tab|csv)")) {
      // Size and check sum of a table are those of Dataverse's own form of it, not of the original.
      String original = name.endsWith(".tab") ? "?format=original" : "";
      return Optional.of(
          new RemoteFile(Metadata.FILE_NAME, URI.create(address + original), Optional.empty(), Optional.empty()));
    }
    return Optional.empty();
  }

  private static String base(String home) {
    return home.endsWith("/") ? home : home + "/";
  }
}
