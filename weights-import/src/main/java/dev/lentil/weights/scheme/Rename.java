package dev.lentil.weights.scheme;

/**
 * One weight's name elsewhere and here.
 *
 * @param source in the file
 * @param parameter of the network: {@code Conv1/kernel}
 */
public record Rename(String source, String parameter, Layout layout) {}
