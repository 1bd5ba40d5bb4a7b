/** What a weight file stores, whatever its format: named tensors that are not read yet, and text. */
package dev.lentil.weights.store;
