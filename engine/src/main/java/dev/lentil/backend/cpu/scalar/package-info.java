/**
 * The inner loops in plain Java, for a JVM without the Vector API. Read these first: they calculate what the vector loops
 * calculate, one element at a time.
 */
package dev.lentil.backend.cpu.scalar;
