/**
 * The inner loops on the JDK's incubating Vector API, which no other package touches. {@code Lanes} has the width;
 * {@code MatrixProduct} cuts a product into register tiles ({@code Tiles1} to {@code Tiles3}, {@code Strips} where there are
 * 16 registers, {@code GradientTiles} for a kernel's gradient); {@code Depthwise} and its companions have the channels in
 * the lanes. A tile is written out by hand, since a vector that crosses a call that is not inlined costs an object. How fast
 * each is, and why it is as it is: docs/performance.md and docs/tuning.md.
 */
package dev.lentil.backend.cpu.vector;
