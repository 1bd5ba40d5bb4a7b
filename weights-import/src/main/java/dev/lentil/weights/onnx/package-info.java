/** ONNX models. */
package dev.lentil.weights.onnx;
