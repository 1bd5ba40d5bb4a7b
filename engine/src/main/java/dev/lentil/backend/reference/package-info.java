/**
 * The reference backend: float64, textbook loops, one class per operation. It is both the teaching text of the
 * engine and the oracle of the tests, with which every other backend is compared. So it prefers the formula to the fast loop and
 * has no fused steps.
 */
package dev.lentil.backend.reference;
