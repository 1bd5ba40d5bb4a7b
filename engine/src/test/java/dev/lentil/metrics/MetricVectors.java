package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.json.Json;
import dev.lentil.json.JsonNull;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** metric_vectors.json, written by bench/python/metric_vectors.py. */
final class MetricVectors {
  /** What every figure agrees to. */
  static final double TOLERANCE = 1e-9;

  private static final Map<?, ?> DOCUMENT = read();

  private MetricVectors() {}

  /** An object of the document, read by path: {@code node.at("areas").at("auc").numbers()}. */
  record Node(Object value) {
    Node at(String key) {
      return new Node(((Map<?, ?>) value).get(key));
    }

    Node at(int index) {
      return new Node(((List<?>) value).get(index));
    }

    List<Node> all() {
      return ((List<?>) value).stream().<Node>map(Node::new).toList();
    }

    boolean absent() {
      return value == JsonNull.NULL;
    }

    /** A number; NaN where there is none. */
    double number() {
      return absent() ? Double.NaN : ((Number) value).doubleValue();
    }

    double[] numbers() {
      return all().stream().mapToDouble(Node::number).toArray();
    }

    int[] integers() {
      return all().stream().mapToInt(node -> (int) node.number()).toArray();
    }

    String name() {
      return (String) at("name").value;
    }

    int[] labels() {
      return at("labels").integers();
    }

    /** Scores of a model of a case. */
    double[] model(int index) {
      return at("models").at(index).numbers();
    }
  }

  static Node of(String key) {
    return new Node(DOCUMENT).at(key);
  }

  static List<Node> cases() {
    return of("cases").all();
  }

  /** The largest of many errors. */
  static final class Worst {
    private final String what;
    private double error;
    private int figures;

    Worst(String what) {
      this.what = what;
    }

    void compare(double expected, double actual, String name) {
      assertEquals(expected, actual, TOLERANCE, name);
      if (!Double.isNaN(expected)) {
        error = Math.max(error, Math.abs(expected - actual));
      }
      figures++;
    }

    /** For what may be tiny: relative to the expected value. */
    void compareRelative(double expected, double actual, String name) {
      compare(expected == 0 ? 0 : 1, expected == 0 ? actual : actual / expected, name);
    }

    void print() {
      assertTrue(figures > 0);
      System.out.println(what + ": worst error " + error + " of " + figures + " figures");
    }
  }

  private static Map<?, ?> read() {
    try (var in = MetricVectors.class.getResourceAsStream("metric_vectors.json")) {
      return (Map<?, ?>) Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
