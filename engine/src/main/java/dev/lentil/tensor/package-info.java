/**
 * A {@link dev.lentil.tensor.Shape} and its values, a {@link dev.lentil.tensor.Tensor}: how data enters and leaves a
 * backend. There is no arithmetic here; the backends calculate.
 */
package dev.lentil.tensor;
