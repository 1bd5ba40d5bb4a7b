package dev.lentil.backend.cuda.nvrtc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One {@code .cu} file and the headers that it includes, directly or through others, from the class path.
 *
 * @param name {@code affine.cu}
 * @param headers by the name that they are included under
 */
public record KernelSource(String name, String text, Map<String, String> headers) {
  private static final String FOLDER = "/dev/lentil/backend/cuda/source/";
  private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"([^\"]+)\"");

  /** Reads it. */
  public static KernelSource of(String name) {
    var headers = new LinkedHashMap<String, String>();
    String text = read(name);
    collect(text, headers);
    return new KernelSource(name, text, headers);
  }

  private static void collect(String text, Map<String, String> headers) {
    Matcher include = INCLUDE.matcher(text);
    while (include.find()) {
      if (!headers.containsKey(include.group(1))) {
        String header = read(include.group(1));
        headers.put(include.group(1), header);
        collect(header, headers);
      }
    }
  }

  private static String read(String name) {
    try (InputStream in = KernelSource.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no kernel source '" + name + "' on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the kernel source " + name, e);
    }
  }
}
