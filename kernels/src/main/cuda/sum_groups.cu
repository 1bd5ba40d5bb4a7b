// The second stage of every sum over rows: out[i] = sum over groups of partial[group * stride + i], in float64 and in a fixed order:
// each lane its groups from the first on, then the lanes from the first on.
#include "lentil.cuh"

KERNEL sum_groups(const float* partial, float* out, int groups, int count, int stride) {
  __shared__ double lanes[FINISH_LANES][COLUMNS];
  int i = blockIdx.x * COLUMNS + threadIdx.x;
  double mine = 0.0;
  if (i < count) {
    for (int group = threadIdx.y; group < groups; group += FINISH_LANES) {
      mine += partial[group * stride + i];
    }
  }
  lanes[threadIdx.y][threadIdx.x] = mine;
  __syncthreads();
  if (threadIdx.y == 0 && i < count) {
    double sum = 0.0;
    for (int lane = 0; lane < FINISH_LANES; lane++) {
      sum += lanes[lane][threadIdx.x];
    }
    out[i] = (float)sum;
  }
}
