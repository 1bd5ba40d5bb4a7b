/** Turns images of bytes into the network's input: where each pixel comes from, its colours, normalisation. Reads no files. */
package dev.lentil.image;
