package dev.lentil.ham10000.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FontsTest {
  @Test
  void onlyWhatIsAboutFontsIsExplained() {
    assertEquals(3, Fonts.draw(() -> 3));
    var missing = assertThrows(Fonts.MissingException.class, () -> Fonts.draw(() -> {
      throw new InternalError("Fontconfig head is null, check your fonts or fonts configuration");
    }));
    assertTrue(missing.getMessage().contains("apt-get install fontconfig"), missing.getMessage());
    assertThrows(IllegalStateException.class, () -> Fonts.draw(() -> {
      throw new IllegalStateException("something else");
    }));
  }

  /** As with Debian's headless Java without the packages that it recommends; {@code problem} says it too. */
  @Test
  void aMissingLibraryIsNamed() {
    var missing = new UnsatisfiedLinkError("lib/libfontmanager.so: libharfbuzz.so.0: cannot open shared object file");
    var again = new NoClassDefFoundError("Could not initialize class sun.font.SunFontManager");
    again.initCause(new ExceptionInInitializerError("Exception " + missing + " [in thread \"main\"]"));
    for (LinkageError thrown : List.of(missing, again)) {
      var error = assertThrows(Fonts.MissingException.class, () -> Fonts.draw(() -> {
        throw thrown;
      }));
      assertTrue(error.getMessage().contains("does not find (" + missing.getMessage() + "). Install"),
          error.getMessage());
      assertTrue(error.getMessage().contains("apt-get install libharfbuzz0b"), error.getMessage());
    }
    var other = new UnsatisfiedLinkError("no lcms in java.library.path");
    assertSame(other, assertThrows(UnsatisfiedLinkError.class, () -> Fonts.draw(() -> {
      throw other;
    })));
  }

  /** As on a bare host or in a container: the report has its tables, and says what to do about its charts. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aReportIsWrittenWhereThereAreNoFonts(@TempDir Path folder) throws IOException, InterruptedException {
    Path configuration = folder.resolve("fonts.conf");
    Files.writeString(configuration, "<?xml version=\"1.0\"?><fontconfig></fontconfig>\n");
    Path page = folder.resolve("report.html");
    // Java remembers the fonts that it found in the user's home
    var java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Duser.home=" + folder, "-Djava.awt.headless=true", "-cp", System.getProperty("java.class.path"),
        ExampleReport.class.getName(), page.toString(), "binary").inheritIO();
    java.environment().put("FONTCONFIG_FILE", configuration.toString());
    assertEquals(0, java.start().waitFor());
    String html = Files.readString(page);
    assertTrue(html.contains("Not drawn. Text in charts and pictures needs a font"));
    assertFalse(html.contains("<svg"));
    assertTrue(html.contains("<table"));
    assertFalse(Files.exists(folder.resolve(Figures.FOLDER)));
  }
}
