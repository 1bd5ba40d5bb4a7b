/** Checks for your own network: compares its gradients with central differences of the loss. */
package dev.lentil.check;
