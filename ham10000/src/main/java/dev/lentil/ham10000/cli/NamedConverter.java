package dev.lentil.ham10000.cli;

import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Finds a constant by what its {@code toString} gives, such as {@code centre-crop}. */
abstract class NamedConverter<T> implements ITypeConverter<T> {
  private final List<T> values;

  @SafeVarargs
  NamedConverter(T... values) {
    this.values = List.of(values);
  }

  @Override
  public T convert(String text) {
    return values.stream().filter(value -> value.toString().equals(text)).findFirst()
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of " + values));
  }
}
