/**
 * The CUDA backend: plans on an NVIDIA card. {@code CudaBackend} is found by {@link java.util.ServiceLoader}; matrix products
 * are cuBLAS's, all other kernels are in {@code src/main/cuda}, compiled for the card at hand at first use.
 */
package dev.lentil.backend.cuda;
