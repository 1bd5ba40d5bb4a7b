/**
 * The processor's backend, in float32 on several threads. {@code CpuExecutable} makes an {@code Op} of each step of a plan;
 * an op cuts its work into ranges whose elements are each calculated in one fixed order, {@code Workers} shares the ranges
 * out, and the inner loops are {@link dev.lentil.backend.cpu.kernels.Kernels}. What is made of parameters (folded, packed,
 * turned for the way back) is {@code Derived}. What each operation is, without all that:
 * {@link dev.lentil.backend.reference}.
 */
package dev.lentil.backend.cpu;
