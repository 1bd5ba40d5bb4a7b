/** Image files to pixels, pixels to the network's input: decoding, augmentation, normalisation. */
package dev.lentil.ham10000.image;
