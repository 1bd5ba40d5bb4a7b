/** Compiles the {@code .cu} sources for the card at hand, with NVRTC, and keeps what came out. */
package dev.lentil.backend.cuda.nvrtc;
