/**
 * Networks as data: a {@link dev.lentil.nn.Network} is an ordered list of named {@link dev.lentil.nn.Layer}s with their
 * inputs; shapes, parameters and the printed {@link dev.lentil.nn.Summary} are walks over it. Beside it what training needs
 * to know and does not calculate: {@link dev.lentil.nn.Loss}, {@link dev.lentil.nn.Optimizer},
 * {@link dev.lentil.nn.Initializer}. Layers know nothing of how they are calculated: that is the planner's and the backends'
 * part.
 */
package dev.lentil.nn;
