/**
 * Measures of a classifier, over plain arrays: confusion matrix, accuracy, precision, recall, F1, ROC and AUC, and the
 * printed classification report. Nothing here depends on the rest of the engine.
 */
package dev.lentil.metrics;
