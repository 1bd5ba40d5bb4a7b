/** Weight files of other programs, made into {@link dev.lentil.mobilenetv2.Model models}. */
package dev.lentil.weights;
