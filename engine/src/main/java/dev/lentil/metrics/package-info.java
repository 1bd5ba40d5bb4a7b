/**
 * Measures of a classifier, over plain arrays: confusion matrix and what follows from it, ROC, precision-recall and decision
 * curves, areas with their variances, logistic regression, calibration and recalibration, intervals of proportions, tests between two models, and
 * the printed classification report. What each means: docs/evaluation.md. Nothing here depends on the rest of the engine.
 */
package dev.lentil.metrics;
