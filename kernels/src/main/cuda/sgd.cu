// SGD with momentum over flat memory: all parameters that train and lie side by side in one launch. The rates come from
// the run's state, times a factor of the parameters; formulas: dev.lentil.nn.Optimizer.
#include "lentil.cuh"
#include "state.cuh"

KERNEL sgd(float* w, const float* g, float* velocity, const RunState* state, float rateFactor, float momentum,
           int count) {
  float rate = state->learningRate * rateFactor;
  FOR_EACH(i, count) {
    float moved = fmaf(momentum, velocity[i], -rate * g[i]);
    velocity[i] = moved;
    w[i] += moved;
  }
}
