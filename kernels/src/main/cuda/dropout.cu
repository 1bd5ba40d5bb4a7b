// Inverted dropout: an element is zero with probability rate, otherwise divided by 1 - rate. Element e takes word e % 4 of
// Philox block e / 4 of the stream keyed by seed, stage, step and operation, so forward and backward draw the same mask,
// and every backend does: dev.lentil.random.DropoutMask. What is dropped is 0 even if it was no number. Source and target may be the same memory.
#include "lentil.cuh"
#include "philox.cuh"
#include "state.cuh"

__device__ inline float factor(const RunState* state, unsigned element, unsigned operation, double rate) {
  Philox drawn = philox(element >> 2, 0u, state->step, state->stage << 24 | operation, state->seedLow, state->seedHigh);
  return uniform(drawn.words[element & 3u]) >= rate ? (float)(1.0 / (1.0 - rate)) : 0.0f;
}

KERNEL drop_out(const real* x, real* y, const RunState* state, unsigned operation, double rate, int count) {
  FOR_EACH(i, count) {
    float kept = factor(state, i, operation, rate);
    y[i] = store(kept == 0.0f ? 0.0f : value(x[i]) * kept);
  }
}

KERNEL drop_out_add(const real* x, real* y, const RunState* state, unsigned operation, double rate, int count) {
  FOR_EACH(i, count) {
    float kept = factor(state, i, operation, rate);
    if (kept != 0.0f) {
      y[i] = store(fmaf(value(x[i]), kept, value(y[i])));
    }
  }
}
