/** What {@code bench/gpu} measures on a machine with a graphics card. */
package dev.lentil.bench.gpu;
