/**
 * What a network's answer rests on: {@link dev.lentil.explain.GradCam} by gradients, {@link dev.lentil.explain.Occlusion} by
 * covering parts of the image, {@link dev.lentil.explain.FeatureMaps} as they are, {@link dev.lentil.explain.StrongestPath}
 * by following one way from a pixel to a logit with all the arithmetic on it. An explanation is about the network, not about
 * the world: it shows where the answer comes from, not whether it is right.
 */
package dev.lentil.explain;
