/** Reading and writing safetensors files: named tensors behind a JSON header, without code that a file could run. */
package dev.lentil.safetensors;
