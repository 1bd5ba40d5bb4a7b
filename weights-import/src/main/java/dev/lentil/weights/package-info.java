/**
 * Weight files of many programs. {@link dev.lentil.weights.TensorFile} opens such a file and returns its tensors; {@link
 * dev.lentil.weights.WeightFile} makes a {@link dev.lentil.mobilenetv2.Model} of it.
 */
package dev.lentil.weights;
