// Adam over flat memory: all parameters that train and lie side by side in one launch. The rates come from
// the run's state, times a factor of the parameters; formulas: dev.lentil.nn.Optimizer.
#include "lentil.cuh"
#include "state.cuh"

KERNEL adam(float* w, const float* g, float* m, float* v, const RunState* state, float rateFactor, float weightDecay,
            float oneMinusBeta1, float oneMinusBeta2, float epsilon, int count) {
  float rate = state->correctedRate * rateFactor;
  float decay = state->learningRate * rateFactor * weightDecay;
  FOR_EACH(i, count) {
    float gradient = g[i];
    float first = fmaf(gradient - m[i], oneMinusBeta1, m[i]);
    float second = fmaf(fmaf(gradient, gradient, -v[i]), oneMinusBeta2, v[i]);
    m[i] = first;
    v[i] = second;
    w[i] -= fmaf(decay, w[i], rate * first / (sqrtf(second) + epsilon));
  }
}
