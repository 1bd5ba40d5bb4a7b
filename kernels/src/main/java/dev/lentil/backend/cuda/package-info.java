/**
 * The CUDA backend, which runs plans on an NVIDIA card. {@link java.util.ServiceLoader} finds {@code CudaBackend}. cuBLAS
 * calculates matrix products. All other kernels are in {@code src/main/cuda} and are compiled for the card at first use.
 */
package dev.lentil.backend.cuda;
