/** Matrix products by cuBLAS, through JCublas where that can load, else through the Foreign Function and Memory API. */
package dev.lentil.backend.cuda.blas;
