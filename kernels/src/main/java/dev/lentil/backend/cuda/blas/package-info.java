/** Matrix products by cuBLAS, through JCublas if it can be loaded, otherwise through the Foreign Function and Memory API. */
package dev.lentil.backend.cuda.blas;
