/**
 * The reference backend: float64, textbook loops, one class per operation. It is the teaching text of the engine and the
 * oracle that every other backend is compared with, so it prefers the formula to the fast loop and has no fused steps.
 */
package dev.lentil.backend.reference;
