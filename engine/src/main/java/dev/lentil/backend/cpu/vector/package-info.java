/**
 * The inner loops on the JDK's incubating Vector API, which no other package uses. {@code Lanes} has the width.
 * {@code MatrixProduct} cuts a product into register tiles ({@code Tiles1} to {@code Tiles3}; {@code Strips} for CPUs with
 * 16 registers; {@code GradientTiles} for the gradient of a kernel). {@code Depthwise} and the classes beside it put the
 * channels into the lanes. Tiles are written out by hand, because a vector that is passed to a method that is not inlined
 * becomes an object. docs/performance.md and docs/tuning.md say how fast each is, and why it is written as it is.
 */
package dev.lentil.backend.cpu.vector;
