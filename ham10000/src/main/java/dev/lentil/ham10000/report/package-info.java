/**
 * One self-contained HTML page for one run: the counterparts of the paper's figures 1 to 8, training curves, ROC and
 * baselines. Start at {@link dev.lentil.ham10000.report.HtmlReport}; fill a {@link
 * dev.lentil.ham10000.report.ReportInput}.
 */
package dev.lentil.ham10000.report;
