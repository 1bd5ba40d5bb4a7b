/** The first inferences of a process, before the compiler is done. */
package dev.lentil.bench.first;
