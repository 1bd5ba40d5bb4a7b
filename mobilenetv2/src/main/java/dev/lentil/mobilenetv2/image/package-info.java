/** Resizes photographs to the size of a network, as Pillow does. */
package dev.lentil.mobilenetv2.image;
