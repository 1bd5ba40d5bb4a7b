package dev.lentil.ham10000.train;

/**
 * Which Lentil runs.
 *
 * @param revision of the sources, as git names it
 */
public record Program(String version, String revision) {}
