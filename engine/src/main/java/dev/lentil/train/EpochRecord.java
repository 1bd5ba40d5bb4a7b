package dev.lentil.train;

/**
 * A finished epoch.
 *
 * @param stage counted from 1
 * @param epoch within the stage, counted from 1
 * @param learningRate of the last step
 * @param training from the outputs of the training passes, each before its update; the loss is weighted
 * @param validation after the epoch; the loss is unweighted
 * @param seconds wall-clock time of training and validation; of an epoch that was resumed, the sum of its parts
 */
public record EpochRecord(int stage, int epoch, double learningRate, Metrics training, Metrics validation,
    double seconds) {}
