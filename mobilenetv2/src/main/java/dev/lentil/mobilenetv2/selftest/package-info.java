/** Comparison of a backend with files in which another framework stored logits, losses, gradients and Adam steps. */
package dev.lentil.mobilenetv2.selftest;
