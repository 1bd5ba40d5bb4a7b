/**
 * The contract of the inner loops: {@link dev.lentil.backend.cpu.kernels.Kernels}, over arrays and offsets. {@code vector}
 * and {@code scalar} beside this package keep it, and the tests hold the two side by side.
 */
package dev.lentil.backend.cpu.kernels;
