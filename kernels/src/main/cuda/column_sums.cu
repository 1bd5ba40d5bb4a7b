// partial[c][group] = sum over the group's rows of x[r,c]: the first stage of a bias's gradient; the second is sum_groups.
#include "lentil.cuh"

KERNEL column_sums(const real* x, float* partial, int rows, int rowsPerGroup, int channels) {
  int c = blockIdx.y * COLUMNS + threadIdx.x;
  int first = blockIdx.x * rowsPerGroup;
  int end = min(rows, first + rowsPerGroup);
  float mine = 0.0f;
  if (c < channels) {
    for (int r = first + threadIdx.y; r < end; r += LANES) {
      mine += value(x[r * channels + c]);
    }
  }
  float sum = sumLanes(mine);
  if (threadIdx.y == 0 && c < channels) {
    part(partial, c) = sum;
  }
}
