package dev.lentil.json;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Writes one value; every output is text that {@link JsonParser} reads back. */
final class JsonWriter {
  enum Layout {
    COMPACT,
    PRETTY
  }

  private final StringBuilder out = new StringBuilder();
  private final Layout layout;
  private int depth;

  JsonWriter(Layout layout) {
    this.layout = layout;
  }

  String document(Object value) {
    write(value);
    return out.toString();
  }

  private void write(Object value) {
    switch (value) {
      case JsonNull _ -> out.append("null");
      case Boolean b -> out.append(b.booleanValue());
      case Number n -> number(n);
      case CharSequence s -> string(s);
      case Character c -> string(c.toString());
      case Enum<?> e -> string(e.name());
      // a Path is an Iterable of its names, so it must come before
      case Path p -> string(p.toString());
      case Optional<?> o -> write(o.isPresent() ? o.get() : JsonNull.NULL);
      case Map<?, ?> map -> object(map);
      case Record r -> object(r);
      case Iterable<?> elements -> {
        open('[');
        boolean first = true;
        for (var element : elements) {
          next(first);
          first = false;
          write(element);
        }
        close(']', first);
      }
      case null ->
          throw new IllegalArgumentException("null cannot be written as JSON; use JsonNull.NULL or an empty Optional");
      default -> {
        if (!value.getClass().isArray()) {
          throw new IllegalArgumentException(value.getClass().getName() + " cannot be written as JSON");
        }
        open('[');
        int length = Array.getLength(value);
        for (int i = 0; i < length; i++) {
          next(i == 0);
          write(Array.get(value, i));
        }
        close(']', length == 0);
      }
    }
  }

  private void object(Map<?, ?> map) {
    open('{');
    boolean first = true;
    for (var entry : map.entrySet()) {
      next(first);
      first = false;
      switch (entry.getKey()) {
        case CharSequence s -> key(s);
        case Enum<?> e -> key(e.name());
        case Number n -> key(n.toString());
        case null, default -> throw new IllegalArgumentException("a JSON key must be text, not " + entry.getKey());
      }
      write(entry.getValue());
    }
    close('}', first);
  }

  private void object(Record value) {
    open('{');
    boolean first = true;
    for (var component : value.getClass().getRecordComponents()) {
      next(first);
      first = false;
      key(Json.name(component));
      write(read(value, component));
    }
    close('}', first);
  }

  private static Object read(Record value, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      // a public accessor of a private nested record is still closed without this
      accessor.setAccessible(true);
      return accessor.invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(value.getClass().getName() + "." + component.getName() + " cannot be read", e);
    }
  }

  private void number(Number n) {
    if (!Double.isFinite(n.doubleValue())) {
      throw new IllegalArgumentException("JSON has no number " + n);
    }
    out.append(n);
  }

  private void key(CharSequence name) {
    string(name);
    out.append(layout == Layout.PRETTY ? ": " : ":");
  }

  private void open(char bracket) {
    if (++depth > Json.MAX_DEPTH) {
      throw new IllegalArgumentException("nested deeper than " + Json.MAX_DEPTH + " levels");
    }
    out.append(bracket);
  }

  private void next(boolean first) {
    if (!first) {
      out.append(',');
    }
    breakLine();
  }

  private void close(char bracket, boolean empty) {
    depth--;
    if (!empty) {
      breakLine();
    }
    out.append(bracket);
  }

  private void breakLine() {
    if (layout == Layout.PRETTY) {
      out.append('\n').repeat("  ", depth);
    }
  }

  private void string(CharSequence s) {
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x7f) {
            out.append("\\u%04x".formatted((int) c));
          } else if (Character.isHighSurrogate(c) && i + 1 < s.length() && Character.isLowSurrogate(s.charAt(i + 1))) {
            out.append(c).append(s.charAt(++i));
          } else {
            // UTF-8 has no unpaired surrogates
            out.append(Character.isSurrogate(c) ? '\ufffd' : c);
          }
        }
      }
    }
    out.append('"');
  }
}
