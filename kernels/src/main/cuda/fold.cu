// A batch normalisation with moving statistics as one multiplication and one addition, for the epilogues of affine.cu and
// depthwise.cu: scale = gamma / sqrt(variance + epsilon), shift = beta + (bias - mean) * scale. Once per change of the
// parameters, in float64: it is one number per channel.
#include "lentil.cuh"

KERNEL fold_norm(const float* gamma, const float* beta, const float* mean, const float* variance, double epsilon,
                 float* scale, float* shift, int channels) {
  FOR_EACH(c, channels) {
    double factor = gamma[c] / sqrt(variance[c] + epsilon);
    scale[c] = (float)factor;
    shift[c] = (float)(beta[c] - mean[c] * factor);
  }
}

KERNEL fold_bias_norm(const float* gamma, const float* beta, const float* mean, const float* variance, double epsilon,
                      const float* bias, float* scale, float* shift, int channels) {
  FOR_EACH(c, channels) {
    double factor = gamma[c] / sqrt(variance[c] + epsilon);
    scale[c] = (float)factor;
    shift[c] = (float)(beta[c] + ((double)bias[c] - mean[c]) * factor);
  }
}

KERNEL fold_bias(const float* bias, float* scale, float* shift, int channels) {
  FOR_EACH(c, channels) {
    scale[c] = 1.0f;
    shift[c] = bias[c];
  }
}

KERNEL fold_nothing(float* scale, float* shift, int channels) {
  FOR_EACH(c, channels) {
    scale[c] = 1.0f;
    shift[c] = 0.0f;
  }
}
