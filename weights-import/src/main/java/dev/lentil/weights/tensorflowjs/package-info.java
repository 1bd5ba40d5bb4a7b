/** Models of TensorFlow.js. */
package dev.lentil.weights.tensorflowjs;
