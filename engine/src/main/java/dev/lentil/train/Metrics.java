package dev.lentil.train;

/**
 * How well a network does on a set of samples.
 *
 * @param loss the mean over the samples
 * @param accuracy binary: the share with {@code p > 0.5} exactly for label 1; several classes: the largest output is right
 * @param auc NaN where a class has no sample
 */
public record Metrics(double loss, double accuracy, double auc) {}
