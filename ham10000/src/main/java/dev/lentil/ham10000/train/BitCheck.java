package dev.lentil.ham10000.train;

import dev.lentil.backend.ParameterBank;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Tensor;
import java.util.List;

/** Proof that parameters which nothing may have changed are what they were, bit for bit. */
final class BitCheck {
  private BitCheck() {}

  /** The names among {@code parameters} whose values in the bank are not those of {@code before}. */
  static List<String> changed(Weights before, ParameterBank bank, List<String> parameters) {
    return parameters.stream().filter(name -> !same(before.get(name), bank.read(name))).toList();
  }

  private static boolean same(Tensor a, Tensor b) {
    for (int i = 0; i < a.shape().size(); i++) {
      if (Double.doubleToRawLongBits(a.get(i)) != Double.doubleToRawLongBits(b.get(i))) {
        return false;
      }
    }
    return true;
  }
}
