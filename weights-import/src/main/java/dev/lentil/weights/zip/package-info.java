/** Zip archives that are in memory. */
package dev.lentil.weights.zip;
