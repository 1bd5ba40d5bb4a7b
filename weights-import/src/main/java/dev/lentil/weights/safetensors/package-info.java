/** Safetensors files, alone or as shards of one model. */
package dev.lentil.weights.safetensors;
