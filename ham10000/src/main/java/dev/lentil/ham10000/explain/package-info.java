/** Pictures of what a network's answer rests on: heat maps over images, feature maps as a sheet. */
package dev.lentil.ham10000.explain;
