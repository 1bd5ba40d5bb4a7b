/**
 * The CPU backend, in float32 on several threads. {@code CpuExecutable} makes an {@code Op} of each step of a plan. An op
 * cuts its work into ranges, and each element of a range is calculated in one fixed order. {@code Workers} distributes the
 * ranges over the threads. The inner loops are {@link dev.lentil.backend.cpu.kernels.Kernels}. {@code Derived} holds folded,
 * packed and transposed kernels. {@link dev.lentil.backend.reference} shows what each operation calculates without all that.
 */
package dev.lentil.backend.cpu;
