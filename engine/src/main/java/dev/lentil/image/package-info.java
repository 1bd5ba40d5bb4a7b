/** Images of bytes to the network's input: where each pixel comes from, its colours, normalisation. Files are not read here. */
package dev.lentil.image;
