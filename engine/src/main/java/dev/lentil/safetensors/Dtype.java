package dev.lentil.safetensors;

import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The element types that Lentil reads, under the names that stand in the header. The 8-bit floating-point types are
 * those of Micikevicius et al. 2022, "FP8 formats for deep learning", table 1.
 */
public enum Dtype {
  F64(8),
  F32(4),
  F16(2),
  BF16(2),
  /** Sign, 5 bits of exponent, 2 of mantissa: the upper half of an F16. */
  F8_E5M2(1),
  /** Sign, 4 bits of exponent with bias 7, 3 of mantissa; no infinities, and one NaN of each sign. */
  F8_E4M3(1),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U64(8),
  U32(4),
  U16(2),
  U8(1),
  BOOL(1);

  private final int bytes;

  Dtype(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether {@link SafetensorsFile#tensor} can read it. */
  public boolean isFloat() {
    return switch (this) {
      case F64, F32, F16, BF16, F8_E5M2, F8_E4M3 -> true;
      case I64, I32, I16, I8, U64, U32, U16, U8, BOOL -> false;
    };
  }

  /**
   * Elements of this type as a tensor of its own: F64 and whole numbers as {@link Tensor.F64}, the other floating-point
   * types as {@link Tensor.F32}. Exact but for whole numbers beyond 2^53, which float64 rounds.
   *
   * @param shape of the tensor; the segment holds as many elements, without gaps, in row-major order
   */
  public Tensor decode(Shape shape, MemorySegment segment, ByteOrder order) {
    int size = shape.size();
    ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
    return switch (this) {
      case F64 -> new Tensor.F64(shape, segment.toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order)));
      case F32 -> new Tensor.F32(shape, segment.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order)));
      case F16 -> {
        var values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] = Float.float16ToFloat(segment.getAtIndex(shorts, i));
        }
        yield new Tensor.F32(shape, values);
      }
      case BF16 -> {
        var values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] = Float.intBitsToFloat(segment.getAtIndex(shorts, i) << 16);
        }
        yield new Tensor.F32(shape, values);
      }
      case F8_E5M2 -> {
        var values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] = Float.float16ToFloat((short) (segment.get(ValueLayout.JAVA_BYTE, i) << 8));
        }
        yield new Tensor.F32(shape, values);
      }
      case F8_E4M3 -> {
        var values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] = e4m3(segment.get(ValueLayout.JAVA_BYTE, i));
        }
        yield new Tensor.F32(shape, values);
      }
      case I64, I32, I16, I8, U64, U32, U16, U8, BOOL -> {
        long[] whole = longs(size, segment, order);
        var values = new double[size];
        for (int i = 0; i < size; i++) {
          // the bit that is shifted out stays as a sticky one, so that halving does not round first
          values[i] = this == U64 && whole[i] < 0 ? (whole[i] >>> 1 | whole[i] & 1) * 2.0 : whole[i];
        }
        yield new Tensor.F64(shape, values);
      }
    };
  }

  /** Whole numbers, U8, U16, U32 and BOOL without sign; U64 as the bits are. */
  long[] longs(int size, MemorySegment segment, ByteOrder order) {
    ValueLayout.OfLong longs = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
    ValueLayout.OfInt ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
    var values = new long[size];
    for (int i = 0; i < size; i++) {
      values[i] = switch (this) {
        case I64, U64 -> segment.getAtIndex(longs, i);
        case I32 -> segment.getAtIndex(ints, i);
        case U32 -> segment.getAtIndex(ints, i) & 0xFFFF_FFFFL;
        case I16 -> segment.getAtIndex(shorts, i);
        case U16 -> segment.getAtIndex(shorts, i) & 0xFFFF;
        case I8 -> segment.get(ValueLayout.JAVA_BYTE, i);
        case U8, BOOL -> segment.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
        case F64, F32, F16, BF16, F8_E5M2, F8_E4M3 -> throw new IllegalStateException(this + " has fractions");
      };
    }
    return values;
  }

  private static float e4m3(byte bits) {
    int exponent = bits >> 3 & 0xF;
    int mantissa = bits & 7;
    float magnitude;
    if (exponent == 15 && mantissa == 7) {
      magnitude = Float.NaN;
    } else if (exponent == 0) {
      magnitude = mantissa * 0x1p-9f;
    } else {
      magnitude = Math.scalb(1 + mantissa / 8f, exponent - 7);
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
