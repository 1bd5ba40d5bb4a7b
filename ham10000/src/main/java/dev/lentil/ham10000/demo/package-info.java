/**
 * Pictures that look like dermatoscopy but are drawn by a program, for a demonstration without data. {@link
 * dev.lentil.ham10000.demo.DemoDataset} is the data set. {@link dev.lentil.ham10000.demo.PretextPainter} draws the other
 * task, on which the network was trained first.
 */
package dev.lentil.ham10000.demo;
