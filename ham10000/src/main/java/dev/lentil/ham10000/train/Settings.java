package dev.lentil.ham10000.train;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Utf8File;
import dev.lentil.nn.Nearest;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The text of every {@link Setting} and where it was given, for messages. Immutable. A configuration file is in the syntax of
 * {@link Properties}; {@code #} starts a comment.
 */
final class Settings {
  private static final Origin DEFAULT = Origin.commandLine("default");

  private record Entry(String value, Origin origin) {}

  private final Map<Setting, Entry> entries;

  private Settings(Map<Setting, Entry> entries) {
    this.entries = entries;
  }

  static Settings defaults() {
    var entries = new EnumMap<Setting, Entry>(Setting.class);
    for (Setting setting : Setting.values()) {
      entries.put(setting, new Entry(setting.initial(), DEFAULT));
    }
    return new Settings(entries);
  }

  /** These settings, with those of a file in their place. */
  Settings with(Path file) {
    try {
      return with(new StringReader(Utf8File.read(file)), Origin.file(file));
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": no such configuration file; print one to start from with "
          + "'./lentil train --print-config'", e);
    } catch (CharacterCodingException e) {
      throw new ConfigException(file + ": the configuration file is not UTF-8 text; save it as UTF-8", e);
    } catch (IOException e) {
      throw new ConfigException(file + ": the configuration file cannot be read (" + Reason.of(e) + ")", e);
    }
  }

  /** These settings, with those of a configuration file's text in their place. */
  Settings withText(String text, Origin origin) {
    try {
      return with(new StringReader(text), origin);
    } catch (IOException e) {
      throw origin.error(": cannot be read (" + Reason.of(e) + ")", e);
    }
  }

  private Settings with(Reader reader, Origin origin) throws IOException {
    var read = new UniqueProperties(origin);
    try {
      read.load(reader);
    } catch (IllegalArgumentException e) {
      throw origin.error(": not a properties file (" + e.getMessage() + ")", e);
    }
    Settings settings = this;
    for (String key : read.stringPropertyNames()) {
      settings = settings.with(key, read.getProperty(key), origin);
    }
    return settings;
  }

  /** These settings with one more, {@code key=value} as on the command line. */
  Settings with(String assignment) {
    return assign(assignment, Origin.SET);
  }

  /**
   * These settings with one more.
   *
   * @param assignment {@code key=value}
   */
  Settings assign(String assignment, Origin origin) {
    int at = assignment.indexOf('=');
    if (at < 1) {
      throw origin.error(", '" + assignment + "': write it as key=value, for example seed=7");
    }
    return with(assignment.substring(0, at).strip(), assignment.substring(at + 1), origin);
  }

  private Settings with(String key, String value, Origin origin) {
    Setting setting = Setting.ofKey(key).orElseThrow(() -> origin.error(": the key '" + key
        + "' is unknown; did you mean '" + nearest(key) + "'? All keys: './lentil train --print-config'"));
    var now = new Entry(value.strip(), origin);
    requireAgreement(setting, now);
    var changed = new EnumMap<>(entries);
    changed.put(setting, now);
    return new Settings(changed);
  }

  /** What a command or another of its options says is not to take the place of a {@code --set} without a word. */
  private void requireAgreement(Setting setting, Entry now) {
    Entry before = entries.get(setting);
    if (before.origin.equals(Origin.SET) && !now.origin.equals(Origin.SET) && !now.origin.file()
        && !now.value.equals(before.value)) {
      throw now.origin.error(" has " + setting.key() + " = " + now.value + ", which contradicts --set " + setting.key()
          + "=" + before.value + "; leave out the latter");
    }
  }

  String text(Setting setting) {
    return entries.get(setting).value;
  }

  /** Whether no recipe, file or assignment gave its value. */
  boolean isDefault(Setting setting) {
    return entries.get(setting).origin.equals(DEFAULT);
  }

  /** An error about the value of a setting, which nothing but another value mends. */
  UserError error(Setting setting, String remedy) {
    return entries.get(setting).origin.error(wrong(setting, remedy));
  }

  UserError error(Setting setting, String remedy, Throwable cause) {
    return entries.get(setting).origin.error(wrong(setting, remedy), cause);
  }

  /** The same where it is files that do not fit the value, wherever that was given. */
  ConfigException misfit(Setting setting, String remedy) {
    return new ConfigException(entries.get(setting).origin.name() + wrong(setting, remedy));
  }

  private String wrong(Setting setting, String remedy) {
    return ", key " + setting.key() + ": '" + text(setting) + "' cannot be used; " + remedy;
  }

  /** The whole configuration as a file, every key explained. */
  String file() {
    var text = new StringBuilder(
        "# Configuration of a Lentil training run. Research and teaching only. Not a medical device.\n");
    for (Setting setting : Setting.values()) {
      text.append('\n');
      for (String line : wrap("# " + setting.meaning())) {
        text.append(line).append('\n');
      }
      text.append(setting.key()).append(" = ").append(escape(text(setting))).append('\n');
    }
    return text.toString();
  }

  /** Key and value of every setting, in order. */
  Map<String, String> asMap() {
    return Arrays.stream(Setting.values()).collect(
        Collectors.toMap(Setting::key, this::text, (a, _) -> a, LinkedHashMap::new));
  }

  /**
   * As the syntax of properties has a value, without blanks around it: backslashes, which paths of Windows have, begin escapes, and
   * a line break would end it. Half of a pair of characters cannot be written in UTF-8.
   */
  private static String escape(String value) {
    var text = new StringBuilder();
    value.codePoints().forEach(c -> {
      if (c == '\\') {
        text.append("\\\\");
      } else if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
        text.append(String.format("\\u%04x", c));
      } else {
        text.appendCodePoint(c);
      }
    });
    return text.toString();
  }

  private static List<String> wrap(String comment) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (String word : comment.split(" ")) {
      if (line.length() + word.length() > 98) {
        lines.add(line.toString().stripTrailing());
        line = new StringBuilder("# ");
      }
      line.append(word).append(' ');
    }
    lines.add(line.toString().stripTrailing());
    return lines;
  }

  private static String nearest(String key) {
    return Nearest.to(key, Arrays.stream(Setting.values()).map(Setting::key).toList(), 1).getFirst();
  }

  /** The JDK's reader keeps the last of two values of a key without a word. */
  private static final class UniqueProperties extends Properties {
    private static final long serialVersionUID = 1;
    private final transient Origin origin;

    UniqueProperties(Origin origin) {
      this.origin = origin;
    }

    @Override
    public synchronized Object put(Object key, Object value) {
      if (containsKey(key)) {
        throw origin.error(": the key '" + key + "' is given twice; remove one of the two");
      }
      return super.put(key, value);
    }
  }
}
