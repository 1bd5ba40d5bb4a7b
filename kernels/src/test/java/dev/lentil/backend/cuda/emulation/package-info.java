/** A CUDA machine without a card, for tests: libraries built from {@code src/test/cuda} that run kernels on the processor. */
package dev.lentil.backend.cuda.emulation;
