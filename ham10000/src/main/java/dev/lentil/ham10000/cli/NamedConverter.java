package dev.lentil.ham10000.cli;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Finds a constant by what its {@code toString} gives, such as {@code centre-crop}. */
abstract class NamedConverter<T> implements ITypeConverter<T> {
  private final T[] values;

  @SafeVarargs
  NamedConverter(T... values) {
    this.values = values.clone();
  }

  @Override
  public T convert(String text) {
    return Arrays.stream(values).filter(value -> value.toString().equals(text)).findFirst()
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of " + Arrays.toString(values)));
  }
}
