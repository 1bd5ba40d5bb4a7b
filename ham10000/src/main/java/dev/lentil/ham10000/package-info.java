/**
 * The application: MobileNetV2 transfer learning for skin-lesion triage on HAM10000, after Sari and Irawan 2026. {@code cli}
 * has a class for each command, {@code train} the experiment, {@code data} and {@code image} its input, and
 * {@code evaluate}, {@code report} and {@code results} its output. This package itself holds what all of them use: errors,
 * reasons, the disclaimer.
 */
package dev.lentil.ham10000;
