package dev.lentil.ham10000.evaluate;

/**
 * A simple model to print beside the network.
 *
 * @param name such as "logistic regression on age, sex and site, no image"
 * @param predictions of the same validation and test images as the network's
 */
public record Baseline(String name, Predictions predictions) {}
