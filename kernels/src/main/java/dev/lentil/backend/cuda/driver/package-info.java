/**
 * The parts of the CUDA driver that Lentil needs, on JCuda: device, memory, streams, graphs, kernels. Each is owned by an
 * object that must be closed. A call that fails throws a {@link dev.lentil.backend.BackendException} that names the remedy.
 */
package dev.lentil.backend.cuda.driver;
