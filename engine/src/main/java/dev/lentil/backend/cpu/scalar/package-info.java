/**
 * The inner loops in plain Java, for a Java machine without the Vector API. Also the ones to read first: what the vectors
 * calculate, an element at a time.
 */
package dev.lentil.backend.cpu.scalar;
