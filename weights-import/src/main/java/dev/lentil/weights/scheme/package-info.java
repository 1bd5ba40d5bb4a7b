/** How different programs name and lay out a MobileNetV2's weights, and how a file's weights are recognised. */
package dev.lentil.weights.scheme;
