package dev.lentil.ham10000.image;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.lentil.ham10000.FileError;
import dev.lentil.ham10000.Reason;
import dev.lentil.mobilenetv2.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/**
 * JPEG and PNG files to RGB bytes, through ImageIO with TwelveMonkeys' JPEG reader (which finds the JDK's native decoder for baseline and
 * progressive data and adds CMYK and YCCK). Safe for any number of threads; no temporary files.
 *
 * <p>Samples are taken as stored: embedded colour profiles are not applied, grey is repeated in all three channels, transparency is
 * dropped, 16-bit samples keep their upper byte. CMYK and YCCK are converted, by their own profile if they have one. EXIF orientation is not applied: the data set has none, a
 * lesion has no upper side, and the tools that the results are compared with ignore it too; of a photograph that its camera stored turned or mirrored a
 * log line says so.
 *
 * <p>Every failure is one {@link FileError} that names the file and what is wrong with it.
 */
public final class ImageDecoder {
  /** The shorter side of the smallest image that is taken for a dermatoscopic one. */
  public static final int SMALLEST_SIDE = 16;

  /** More pixels than any camera's: 2^28. Refused before memory is asked for. */
  private static final long MOST_PIXELS = 1L << 28;

  /**
   * How the warnings of JPEG decoders begin, or what is in them, when pixels are not those of the photograph: data that are
   * missing, or more or other than there should be, and with them whatever the decoder made up. Others are about revisions,
   * profiles and metadata. Source: libjpeg 6b, jerror.h, and the JDK's JPEGImageReader, whose bundled libjpeg tells the
   * first of a file alone.
   */
  private static final List<String> DAMAGE =
      List.of("corrupt jpeg data", "premature end", "inconsistent progression", "truncated");

  private ImageDecoder() {}

  /** Any photograph. */
  public static RgbImage decode(Path file) {
    byte[] bytes = read(file);
    int orientation = Orientation.of(bytes);
    if (orientation != Orientation.UPRIGHT) {
      System.getLogger("dev.lentil").log(Level.WARNING,
          file + ": the camera stored this photograph turned or mirrored (EXIF orientation "
              + orientation
              + "), and it is judged as stored, as most programs do; export it upright to have it judged so");
    }
    return decode(bytes, file.toString());
  }

  /**
   * A photograph of a lesion, which a skin lesion network can judge: in colour, so neither grey nor CMYK, and at least {@value
   * #SMALLEST_SIDE} pixels on each side.
   */
  public static RgbImage decodeDermatoscopic(Path file) {
    return decodeDermatoscopic(read(file), file.toString());
  }

  /** As {@link #decodeDermatoscopic(Path)}, from a file's bytes; {@code name} stands in messages. */
  public static RgbImage decodeDermatoscopic(byte[] bytes, String name) {
    var header = ImageHeader.of(bytes, name);
    var remedy = "give the original colour photograph as an RGB JPEG or PNG";
    switch (header.colour()) {
      case GREY -> throw new FileError(name, "the image is grey, but the network judges colour", remedy);
      case CMYK -> throw new FileError(name,
          "the image is CMYK (made for printing), whose colours are not the camera's", remedy);
      case RGB -> {}
    }
    var image = decode(bytes, header, name);
    if (image.height() < SMALLEST_SIDE || image.width() < SMALLEST_SIDE) {
      throw new FileError(name, "the image is only " + image.width() + "x" + image.height() + " pixels",
          "give one of at least " + SMALLEST_SIDE + "x" + SMALLEST_SIDE);
    }
    return image;
  }

  /** As {@link #decode(Path)}, from a file's bytes; {@code name} stands in messages. */
  public static RgbImage decode(byte[] bytes, String name) {
    return decode(bytes, ImageHeader.of(bytes, name), name);
  }

  private static RgbImage decode(byte[] bytes, ImageHeader header, String name) {
    var warnings = new ArrayList<String>();
    BufferedImage image;
    try (var stream = new ByteArrayImageInputStream(asStored(bytes, header))) {
      var reader = reader(stream, header, name);
      try {
        reader.setInput(stream, true, true);
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MOST_PIXELS) {
          throw new FileError(name, "the image has " + pixels + " pixels", "give one of at most " + MOST_PIXELS);
        }
        image = reader.read(0);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      // readers throw what they meet: EOFException, NegativeArraySizeException, ...
      if (e instanceof FileError known) {
        throw known;
      }
      throw broken(name, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), e);
    }
    rejectDamage(warnings, name);
    return Samples.rgb(image);
  }

  /** The JPEG reader would apply a profile; from CMYK there is no way to red, green and blue without one. */
  private static byte[] asStored(byte[] bytes, ImageHeader header) {
    return header.format() == ImageHeader.Format.JPEG && header.colour() != ImageHeader.Colour.CMYK
        ? ColourProfile.removed(bytes)
        : bytes;
  }

  private static ImageReader reader(ByteArrayImageInputStream stream, ImageHeader header, String name) {
    var readers = ImageIO.getImageReaders(stream);
    if (!readers.hasNext()) {
      throw broken(name, "no decoder takes it as " + header.format(), null);
    }
    return readers.next();
  }

  /**
   * The JPEG decoder fills what it cannot read with grey, or goes on elsewhere, and only warns; a network must not be shown
   * that.
   */
  private static void rejectDamage(List<String> warnings, String name) {
    for (var warning : warnings) {
      var text = warning.toLowerCase(Locale.ROOT);
      if (DAMAGE.stream().anyMatch(text::contains)) {
        throw broken(name, warning, null);
      }
    }
  }

  private static FileError broken(String name, String why, Throwable cause) {
    return new FileError(name, "the image is broken (" + why + ")", "download or export it again", cause);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new FileError(file, "no such image", "check the path", e);
    } catch (IOException e) {
      throw new FileError(file, "the image cannot be read (" + Reason.of(e) + ")", "check the path and its permissions",
          e);
    }
  }
}
