/**
 * From a network to what a backend executes. {@link dev.lentil.plan.Planner} writes a {@link dev.lentil.plan.Plan} for one
 * purpose (infer, train these layers, explain) and one batch size: {@link dev.lentil.plan.Step}s over numbered
 * {@link dev.lentil.plan.Value}s, in the order in which they run. What no kernel should have to know is decided here, once:
 * folding and fusing, the frozen prefix, the order of the way back, and which values share memory. To read: the steps first,
 * then {@code TrainingSteps}, whose every forward step has its backward step.
 */
package dev.lentil.plan;
