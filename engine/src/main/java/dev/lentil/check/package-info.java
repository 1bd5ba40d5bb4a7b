/** Checks that anyone may run on a network of their own: gradients against differences of the loss. */
package dev.lentil.check;
