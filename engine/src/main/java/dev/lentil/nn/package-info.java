/**
 * Networks as data: a {@link dev.lentil.nn.Network} is an ordered list of named {@link dev.lentil.nn.Layer}s with their
 * inputs. Shapes, parameters and the printed {@link dev.lentil.nn.Summary} are derived from this list. {@link
 * dev.lentil.nn.Loss}, {@link dev.lentil.nn.Optimizer} and {@link dev.lentil.nn.Initializer} describe training in the same way, as
 * data. Layers do not know how they are calculated: the planner and the backends do.
 */
package dev.lentil.nn;
