package dev.lentil.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recursive descent over one text; the methods are the productions of RFC 8259, sections 2 to 7. */
final class JsonParser {
  private final String text;
  private int at;
  private int depth;

  JsonParser(String text) {
    this.text = text;
  }

  Object document() {
    skipSpace();
    var value = value();
    skipSpace();
    if (at < text.length()) {
      throw error(at, "unexpected " + here() + " after the end of the value");
    }
    return value;
  }

  private Object value() {
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> literal("true", true);
      case 'f' -> literal("false", false);
      case 'n' -> literal("null", JsonNull.NULL);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw error(at, "expected a value, found " + here());
    };
  }

  private Map<String, Object> object() {
    descend();
    var members = new LinkedHashMap<String, Object>();
    skipSpace();
    if (peek() != '}') {
      do {
        skipSpace();
        int keyAt = at;
        if (peek() != '"') {
          throw error(at, "expected a key in double quotes, found " + here());
        }
        var key = string();
        skipSpace();
        expect(':', "after the key \"" + shorten(key) + "\"");
        skipSpace();
        if (members.putIfAbsent(key, value()) != null) {
          throw error(keyAt, "the key \"" + shorten(key) + "\" appears twice in one object");
        }
        skipSpace();
      } while (accept(','));
    }
    expect('}', "or ',' in an object");
    depth--;
    return members;
  }

  private List<Object> array() {
    descend();
    var elements = new ArrayList<Object>();
    skipSpace();
    if (peek() != ']') {
      do {
        skipSpace();
        elements.add(value());
        skipSpace();
      } while (accept(','));
    }
    expect(']', "or ',' in an array");
    depth--;
    return elements;
  }

  /** Bounds the recursion: a few kilobytes of '[' would otherwise overflow the stack. */
  private void descend() {
    if (++depth > Json.MAX_DEPTH) {
      throw error(at, "nested deeper than " + Json.MAX_DEPTH + " levels");
    }
    at++;
  }

  private Object literal(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw error(at, "expected a value, found " + here());
    }
    at += word.length();
    return value;
  }

  private Number number() {
    int start = at;
    accept('-');
    if (!accept('0')) {
      digits("a digit");
    } else if (at < text.length() && isDigit(text.charAt(at))) {
      throw error(start, "a number must not start with a superfluous zero");
    }
    boolean integer = true;
    if (accept('.')) {
      integer = false;
      digits("a digit after the decimal point");
    }
    if (accept('e') || accept('E')) {
      integer = false;
      if (!accept('+')) {
        accept('-');
      }
      digits("a digit in the exponent");
    }
    var written = text.substring(start, at);
    // 18 digits always fit a long; -0 stays a double, which alone can hold it
    if (integer && !written.equals("-0") && (written.length() <= 18 || fitsLong(written))) {
      return Long.parseLong(written);
    }
    double value = Double.parseDouble(written);
    if (Double.isInfinite(value)) {
      throw error(start, "the number " + shorten(written) + " is out of range");
    }
    return value;
  }

  private static boolean fitsLong(String integer) {
    // 20 characters are the most that Long.MIN_VALUE needs; longer text need not be parsed to know
    if (integer.length() > 20) {
      return false;
    }
    try {
      Long.parseLong(integer);
      return true;
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private void digits(String what) {
    int start = at;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw error(at, "expected " + what + ", found " + here());
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private String string() {
    int open = at++;
    int run = at;
    StringBuilder built = null;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        var tail = text.substring(run, at++);
        return built == null ? tail : built.append(tail).toString();
      }
      if (c == '\\') {
        built = built == null ? new StringBuilder() : built;
        built.append(text, run, at);
        escape(built);
        run = at;
      } else if (c < 0x20) {
        throw error(at, "a control character in a string must be escaped, found " + here());
      } else if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c) || at + 1 >= text.length()
            || !Character.isLowSurrogate(text.charAt(at + 1))) {
          throw error(at, "an unpaired surrogate in a string");
        }
        at += 2;
      } else {
        at++;
      }
    }
    throw error(open, "a string without its closing double quote");
  }

  private void escape(StringBuilder built) {
    int start = at++;
    char c = at < text.length() ? text.charAt(at++) : '\0';
    switch (c) {
      case '"', '\\', '/' -> built.append(c);
      case 'b' -> built.append('\b');
      case 'f' -> built.append('\f');
      case 'n' -> built.append('\n');
      case 'r' -> built.append('\r');
      case 't' -> built.append('\t');
      case 'u' -> {
        char first = hex4(start);
        built.append(first);
        if (Character.isHighSurrogate(first) && text.startsWith("\\u", at)) {
          at += 2;
          char second = hex4(start);
          if (Character.isLowSurrogate(second)) {
            built.append(second);
            return;
          }
        }
        if (Character.isSurrogate(first)) {
          throw error(start, "an unpaired surrogate in a string");
        }
      }
      default -> throw error(start, "an unknown escape in a string");
    }
  }

  private char hex4(int start) {
    if (at + 4 > text.length()) {
      throw error(start, "\\u needs four hexadecimal digits");
    }
    int value = 0;
    for (int end = at + 4; at < end; at++) {
      char c = text.charAt(at);
      // Character.digit takes digits of every script; JSON takes those of ASCII
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw error(start, "\\u needs four hexadecimal digits");
      }
      value = value << 4 | digit;
    }
    return (char) value;
  }

  private void skipSpace() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return;
      }
      at++;
    }
  }

  /** The next character; the NUL character stands for the end, which no production accepts. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private boolean accept(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c, String context) {
    if (!accept(c)) {
      throw error(at, "expected '" + c + "' " + context + ", found " + here());
    }
  }

  private String here() {
    if (at >= text.length()) {
      return "the end of the text";
    }
    int c = text.codePointAt(at);
    return c > 0x20 && c < 0x7f ? "'" + (char) c + "'" : "U+%04X".formatted(c);
  }

  private static String shorten(String s) {
    return s.length() <= 60 ? s : s.substring(0, 57) + "...";
  }

  private JsonException error(int offset, String what) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < offset && i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new JsonException("JSON, line " + line + ", column " + (offset - lineStart + 1) + ": " + what);
  }
}
