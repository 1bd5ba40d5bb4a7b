/** Lentil and another program measured in turn, in one process for each case. */
package dev.lentil.bench.compare;
