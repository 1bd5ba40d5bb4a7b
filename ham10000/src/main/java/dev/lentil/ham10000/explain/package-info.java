/** Pictures of what a network's answer rests on: heat maps over images, feature maps as a sheet, a path through it as a page. */
package dev.lentil.ham10000.explain;
