/**
 * The CUDA driver as Lentil needs it, on JCuda: device, memory, streams, graphs, kernels, each owned by an object that is
 * closed. Every call that fails ends in a {@link dev.lentil.backend.BackendException} that names the remedy.
 */
package dev.lentil.backend.cuda.driver;
