/**
 * Evaluates predictions: intervals that take lesions into account, thresholds chosen on validation, subgroups, calibration,
 * baselines, images to look at, and comparisons of runs. docs/evaluation.md explains each figure.
 */
package dev.lentil.ham10000.evaluate;
