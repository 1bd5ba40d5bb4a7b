/** From image files to the network's input: decoding, augmentation, normalisation. */
package dev.lentil.ham10000.image;
