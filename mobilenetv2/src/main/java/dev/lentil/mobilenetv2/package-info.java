/** MobileNetV2 at any width, resolution and class count, with Keras's names, layer numbers and fine-tuning cuts. */
package dev.lentil.mobilenetv2;
