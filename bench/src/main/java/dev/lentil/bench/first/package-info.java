/** The first inferences of a process, before the compiler has finished. */
package dev.lentil.bench.first;
