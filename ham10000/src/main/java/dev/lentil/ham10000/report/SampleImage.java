package dev.lentil.ham10000.report;

import java.util.Base64;

/**
 * An image that travels inside the report. Use it as it is published: the report adds nothing and removes nothing.
 *
 * @param dataUri the image as {@code data:image/...;base64,...}
 * @param caption such as "melanoma"
 * @param malignant which of the two rows it stands in
 */
public record SampleImage(String dataUri, String caption, boolean malignant) {
  private static final int PNG_FIRST_BYTE = 0x89;
  private static final int JPEG_FIRST_BYTE = 0xFF;

  /**
   * From the content of a PNG or JPEG file.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static SampleImage of(byte[] file, String caption, boolean malignant) {
    return new SampleImage(dataUri(file, caption), caption, malignant);
  }

  /**
   * The content of a PNG or JPEG file as {@code data:image/...;base64,...}.
   *
   * @param name for the error
   * @throws IllegalArgumentException if it is neither
   */
  public static String dataUri(byte[] file, String name) {
    var type = switch (file.length == 0 ? -1 : file[0] & 0xFF) {
      case PNG_FIRST_BYTE -> "image/png";
      case JPEG_FIRST_BYTE -> "image/jpeg";
      default -> throw new IllegalArgumentException("Image \"" + name + "\" is neither PNG nor JPEG");
    };
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(file);
  }
}
