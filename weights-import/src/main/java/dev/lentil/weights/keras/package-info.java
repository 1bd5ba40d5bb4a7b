/** Models and weights of Keras 2 and 3. */
package dev.lentil.weights.keras;
