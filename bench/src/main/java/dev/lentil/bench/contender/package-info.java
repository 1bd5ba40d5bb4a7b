/** Lentil, another build of Lentil, ONNX Runtime and PyTorch, which all do the same work on the same numbers. */
package dev.lentil.bench.contender;
