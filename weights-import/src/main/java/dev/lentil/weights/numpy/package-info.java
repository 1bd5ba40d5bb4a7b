/** Arrays of NumPy. */
package dev.lentil.weights.numpy;
