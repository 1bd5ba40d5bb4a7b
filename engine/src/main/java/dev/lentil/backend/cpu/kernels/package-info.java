/**
 * The contract of the inner loops: {@link dev.lentil.backend.cpu.kernels.Kernels}, over arrays and offsets. The packages
 * {@code vector} and {@code scalar} implement it, and the tests compare the two.
 */
package dev.lentil.backend.cpu.kernels;
