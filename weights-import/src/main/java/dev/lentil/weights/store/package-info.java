/** The content of a weight file in any format: named tensors that are not read yet, and text. */
package dev.lentil.weights.store;
