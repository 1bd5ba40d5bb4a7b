package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.json.Json;
import dev.lentil.json.JsonNull;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Records as JSON documents, beyond what {@link Json} makes of them: diagnoses as their codes, and what is absent or undefined
 * as null, since JSON has no NaN.
 */
final class RecordJson {
  private RecordJson() {}

  static Object of(Object value) {
    return switch (value) {
      case Record r -> document(r);
      case List<?> elements -> elements.stream().map(RecordJson::of).toList();
      case Optional<?> optional -> optional.<Object>map(RecordJson::of).orElse(JsonNull.NULL);
      case OptionalDouble number -> number.isPresent() ? of(number.getAsDouble()) : JsonNull.NULL;
      case Double number -> Double.isFinite(number) ? number : JsonNull.NULL;
      case Diagnosis diagnosis -> diagnosis.code();
      case Enum<?> constant -> constant.toString();
      default -> value;
    };
  }

  private static Map<String, Object> document(Record value) {
    var document = new LinkedHashMap<String, Object>();
    for (var component : value.getClass().getRecordComponents()) {
      document.put(Json.name(component), of(read(value, component)));
    }
    return document;
  }

  private static Object read(Record value, RecordComponent component) {
    try {
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(value.getClass().getName() + "." + component.getName() + " cannot be read", e);
    }
  }
}
