/**
 * Backends, which execute plans. Callers find a {@link dev.lentil.backend.Backend} with {@link dev.lentil.backend.Backends} or
 * {@link dev.lentil.backend.DeviceChoice}, open a {@link dev.lentil.backend.Device}, load parameters into a
 * {@link dev.lentil.backend.ParameterBank}, compile plans to {@link dev.lentil.backend.Executable}s, and run
 * {@link dev.lentil.backend.Batch}es.
 *
 * <p>Only authors of backends need {@link dev.lentil.backend.FlatParameters}, parameters in one block of memory, and {@link
 * dev.lentil.backend.KnownGradients}, which says which of them have a gradient.
 */
package dev.lentil.backend;
