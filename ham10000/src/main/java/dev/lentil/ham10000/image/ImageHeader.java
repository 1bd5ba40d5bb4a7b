package dev.lentil.ham10000.image;

import dev.lentil.ham10000.FileError;

/**
 * What the first bytes, and for JPEG the markers, say about an image file.
 *
 * <p>Source: ITU-T T.81 annex B (JPEG markers); PNG specification, section 11.2.2 (IHDR).
 */
record ImageHeader(Format format, Colour colour) {
  enum Format { JPEG, PNG }

  enum Colour { RGB, GREY, CMYK }

  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int TEM = 0x01;

  /** Looks at a whole file; a JPEG must hold all its parts up to the end marker. */
  static ImageHeader of(byte[] bytes, String name) {
    if (bytes.length == 0) {
      throw new FileError(name, "the file is empty", "download or export it again");
    }
    if (bytes.length >= 3 && at(bytes, 0) == 0xFF && at(bytes, 1) == SOI && at(bytes, 2) == 0xFF) {
      return new ImageHeader(Format.JPEG, jpeg(bytes, name));
    }
    if (bytes.length >= 26 && at(bytes, 0) == 0x89 && bytes[1] == 'P' && bytes[2] == 'N' && bytes[3] == 'G') {
      int colourType = at(bytes, 25);
      return new ImageHeader(Format.PNG, colourType == 0 || colourType == 4 ? Colour.GREY : Colour.RGB);
    }
    throw new FileError(name, "neither a JPEG nor a PNG image", "convert it to one of them");
  }

  /** Walks the markers from start to end of the image. A thumbnail inside is skipped with the segment that holds it. */
  private static Colour jpeg(byte[] bytes, String name) {
    int components = 0;
    int position = 2;
    while (position + 1 < bytes.length) {
      if (at(bytes, position) != 0xFF) {
        position++; // entropy-coded data after SOS, or stray bytes that decoders skip as well
        continue;
      }
      int marker = at(bytes, position + 1);
      if (marker == 0xFF) {
        position++;
      } else if (marker == EOI) {
        return colour(components, name);
      } else if (marker == 0 || marker == TEM || marker >= 0xD0 && marker <= SOI) {
        position += 2; // stuffed byte, or a marker without a segment
      } else if (position + 3 < bytes.length) {
        if (isFrame(marker) && position + 9 < bytes.length) {
          components = at(bytes, position + 9);
        }
        position += 2 + (at(bytes, position + 2) << 8 | at(bytes, position + 3));
      } else {
        break;
      }
    }
    throw new FileError(name, "the JPEG image is truncated (its end is missing after " + bytes.length + " bytes)",
        "download or export it again");
  }

  private static Colour colour(int components, String name) {
    return switch (components) {
      case 1 -> Colour.GREY;
      case 3 -> Colour.RGB;
      case 4 -> Colour.CMYK;
      default -> throw new FileError(name, "a JPEG image with " + components + " colour components is not supported",
          "export it as an RGB JPEG");
    };
  }

  /** SOF0 to SOF15 without DHT, JPG and DAC, which share their range. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static int at(byte[] bytes, int position) {
    return bytes[position] & 0xFF;
  }
}
