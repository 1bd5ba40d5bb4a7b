// Takes parameters into a float64 mean of them. Every operation is rounded by itself, as Java does it, so that the mean has the
// same bits on every device.
#include "lentil.cuh"

KERNEL add_to_mean(const float* w, double* mean, double share, int count) {
  FOR_EACH(i, count) {
    mean[i] = __dadd_rn(mean[i], __dmul_rn(share, __dsub_rn(w[i], mean[i])));
  }
}
