/**
 * A strict, small JSON reader and writer (RFC 8259). It reads the header of safetensors files, which may come from
 * anyone, and writes every machine-readable output of the command line.
 */
package dev.lentil.json;
