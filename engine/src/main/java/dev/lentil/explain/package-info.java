/**
 * What a network's answer depends on. {@link dev.lentil.explain.GradCam} uses gradients, {@link
 * dev.lentil.explain.Occlusion} covers parts of the image, {@link dev.lentil.explain.FeatureMaps} returns a layer's output,
 * and {@link dev.lentil.explain.StrongestPath} follows one path from a pixel to a logit with all its arithmetic. An
 * explanation is about the network, not about the world: it shows where the answer comes from, not whether it is right.
 */
package dev.lentil.explain;
