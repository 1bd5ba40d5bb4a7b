/**
 * Weight files of every program: {@link dev.lentil.weights.TensorFile} opens any and gives its tensors, {@link
 * dev.lentil.weights.WeightFile} makes a {@link dev.lentil.mobilenetv2.Model} of one.
 */
package dev.lentil.weights;
