/** Compiles the {@code .cu} sources for the card with NVRTC, and keeps the result. */
package dev.lentil.backend.cuda.nvrtc;
