// The second stage of every plain sum over rows: out[i] = sum over groups of partial[i][group].
#include "second_stage.cuh"

KERNEL sum_groups(const float* partial, float* out, int groups, int count) {
  int i = numberOfLine();
  double sum = sumOfParts(partial, i, count, groups);
  if (threadIdx.x == 0 && i < count) {
    out[i] = (float)sum;
  }
}
