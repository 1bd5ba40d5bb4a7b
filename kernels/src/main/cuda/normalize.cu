// y[r,c] = gamma[c] * (x[r,c] - mean[c]) * inverse[c] + beta[c], with saved [2,channels] the mean and 1 / sqrt(variance +
// epsilon) of batch_statistics.cu. The mean is subtracted first instead of being folded into beta: less is rounded away.
#include "lentil.cuh"

KERNEL normalize(const real* x, const float* saved, const float* gamma, const float* beta, real* y, int count,
                 int channels) {
  FOR_EACH(i, count) {
    int c = i % (unsigned)channels;
    y[i] = store(fmaf((value(x[i]) - saved[c]) * saved[channels + c], gamma[c], beta[c]));
  }
}
