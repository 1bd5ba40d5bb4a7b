/**
 * From predictions to judgement: intervals that respect lesions, thresholds chosen on validation, subgroups, calibration,
 * baselines, images to look at, and runs compared. What each figure means: docs/evaluation.md.
 */
package dev.lentil.ham10000.evaluate;
