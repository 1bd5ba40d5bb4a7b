/** Lentil, another build of it, ONNX Runtime and PyTorch, each doing the same work on the same numbers. */
package dev.lentil.bench.contender;
