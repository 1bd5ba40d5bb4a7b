/**
 * Pictures that look like dermatoscopy but are drawn by a program, for the demonstration that needs no data: {@link
 * dev.lentil.ham10000.demo.DemoDataset} is the data set, {@link dev.lentil.ham10000.demo.PretextPainter} the other task
 * that its network learned from first.
 */
package dev.lentil.ham10000.demo;
