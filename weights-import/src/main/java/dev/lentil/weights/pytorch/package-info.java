/** State dicts of PyTorch, read without running or looking up any code. */
package dev.lentil.weights.pytorch;
