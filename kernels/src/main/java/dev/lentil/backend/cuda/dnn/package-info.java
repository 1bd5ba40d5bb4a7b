/** cuDNN through JCudnn, an alternative to Lentil's own kernels and matrix products, operation by operation. */
package dev.lentil.backend.cuda.dnn;
