/**
 * The application: MobileNetV2 transfer learning for skin-lesion triage on HAM10000, after Sari and Irawan 2026. {@code cli}
 * has a class for each command, {@code train} the experiment, {@code data} and {@code image} what it is fed with,
 * {@code evaluate}, {@code report} and {@code results} what comes of it. In this package itself is what all of them say:
 * errors, reasons, the disclaimer.
 */
package dev.lentil.ham10000;
