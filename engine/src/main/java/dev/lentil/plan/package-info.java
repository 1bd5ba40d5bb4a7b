/**
 * Turns a network into what a backend executes. {@link dev.lentil.plan.Planner} writes a {@link dev.lentil.plan.Plan} for one
 * purpose (infer, train these layers, explain) and one batch size: {@link dev.lentil.plan.Step}s over numbered
 * {@link dev.lentil.plan.Value}s, in the order in which they run. The planner makes all decisions that
 * kernels should not have to make: folding and fusing, the frozen prefix, the order of the backward pass, and which values share
 * memory. Read the steps first, then {@code TrainingSteps}, where every forward step has its backward step.
 */
package dev.lentil.plan;
