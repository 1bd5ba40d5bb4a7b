/**
 * From predictions to judgement: AUC with intervals that respect lesions, thresholds chosen on validation, confusion
 * matrices, reports and baselines.
 */
package dev.lentil.ham10000.evaluate;
