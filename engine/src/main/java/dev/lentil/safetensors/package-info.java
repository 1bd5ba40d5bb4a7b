/** Reading and writing safetensors files: named tensors after a JSON header. A file cannot run code. */
package dev.lentil.safetensors;
