/** Photographs to the size of a network, as Pillow does it. */
package dev.lentil.mobilenetv2.image;
