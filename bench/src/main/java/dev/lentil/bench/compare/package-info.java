/** Measures Lentil and another program in turn, in separate processes. */
package dev.lentil.bench.compare;
