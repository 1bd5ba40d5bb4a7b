/** Lentil measured, by itself and beside other programs, and the command {@code lentil bench}. */
package dev.lentil.bench;
