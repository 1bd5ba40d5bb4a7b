/** Pictures of what a network's answer depends on: heat maps over images, feature maps as a sheet, a path as a page. */
package dev.lentil.ham10000.explain;
