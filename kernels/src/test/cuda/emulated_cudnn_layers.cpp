// The emulated cuDNN's batch normalisation, activation and pooling.
#include <math.h>

#include "emulated_cudnn.h"

namespace {
const int SPATIAL = 1;

bool isPerChannel(const Tensor& channels, const Tensor& x) {
  return channels.n == 1 && channels.h == 1 && channels.w == 1 && channels.c == x.c;
}

size_t rows(const Tensor& x) { return (size_t)x.n * x.h * x.w; }
}  // namespace

extern "C" {

int cudnnBatchNormalizationForwardTraining(void* handle, int mode, const float* alphaAt, const float* betaAt,
                                           void* xDescriptor, const float* x, void* yDescriptor, float* y,
                                           void* channelDescriptor, const float* scale, const float* shift,
                                           double factor, float* runningMean, float* runningVariance, double epsilon,
                                           float* savedMean, float* savedInverse) {
  Tensor t = *(Tensor*)xDescriptor;
  Tensor c = *(Tensor*)channelDescriptor;
  if (mode != SPATIAL || !t.same(*(Tensor*)yDescriptor) || !isPerChannel(c, t) || !isTensor(t, x) || !isTensor(t, y) ||
      x == y || !isTensor(c, scale) || !isTensor(c, shift) || !isTensor(c, savedMean) || !isTensor(c, savedInverse) ||
      (runningMean == nullptr) != (runningVariance == nullptr)) {
    return BAD_PARAM;
  }
  float alpha = *alphaAt;
  float beta = *betaAt;
  return enqueue(handle, __func__, [=] {
    for (int k = 0; k < t.c; k++) {
      double sum = 0;
      for (size_t r = 0; r < rows(t); r++) {
        sum += x[r * t.c + k];
      }
      double mean = sum / rows(t);
      double squares = 0;
      for (size_t r = 0; r < rows(t); r++) {
        squares += (x[r * t.c + k] - mean) * (x[r * t.c + k] - mean);
      }
      double inverse = 1 / sqrt(squares / rows(t) + epsilon);
      savedMean[k] = (float)mean;
      savedInverse[k] = (float)inverse;
      if (runningMean != nullptr) {
        // One row less than what normalises: this is why Lentil moves its own.
        runningMean[k] = (float)(runningMean[k] * (1 - factor) + mean * factor);
        runningVariance[k] = (float)(runningVariance[k] * (1 - factor) + squares / (rows(t) - 1.0) * factor);
      }
      for (size_t r = 0; r < rows(t); r++) {
        float result = (float)((x[r * t.c + k] - mean) * inverse) * scale[k] + shift[k];
        y[r * t.c + k] = blend(alpha, result, beta, y[r * t.c + k]);
      }
    }
  });
}

int cudnnBatchNormalizationForwardInference(void* handle, int mode, const float* alphaAt, const float* betaAt,
                                            void* xDescriptor, const float* x, void* yDescriptor, float* y,
                                            void* channelDescriptor, const float* scale, const float* shift,
                                            const float* mean, const float* variance, double epsilon) {
  Tensor t = *(Tensor*)xDescriptor;
  Tensor c = *(Tensor*)channelDescriptor;
  if (mode != SPATIAL || !t.same(*(Tensor*)yDescriptor) || !isPerChannel(c, t) || !isTensor(t, x) || !isTensor(t, y) ||
      x == y || !isTensor(c, scale) || !isTensor(c, shift) || !isTensor(c, mean) || !isTensor(c, variance)) {
    return BAD_PARAM;
  }
  float alpha = *alphaAt;
  float beta = *betaAt;
  return enqueue(handle, __func__, [=] {
    for (size_t i = 0; i < t.count(); i++) {
      size_t k = i % t.c;
      float result = (x[i] - mean[k]) * (float)(1 / sqrt(variance[k] + epsilon)) * scale[k] + shift[k];
      y[i] = blend(alpha, result, beta, y[i]);
    }
  });
}

int cudnnBatchNormalizationBackward(void* handle, int mode, const float* alphaDataAt, const float* betaDataAt,
                                    const float* alphaParameterAt, const float* betaParameterAt, void* xDescriptor,
                                    const float* x, void* dyDescriptor, const float* dy, void* dxDescriptor, float* dx,
                                    void* channelDescriptor, const float* scale, float* dscale, float* dshift, double,
                                    const float* savedMean, const float* savedInverse) {
  Tensor t = *(Tensor*)xDescriptor;
  Tensor c = *(Tensor*)channelDescriptor;
  if (mode != SPATIAL || !t.same(*(Tensor*)dyDescriptor) || !t.same(*(Tensor*)dxDescriptor) || !isPerChannel(c, t) ||
      !isTensor(t, x) || !isTensor(t, dy) || !isTensor(t, dx) || dx == dy || dx == x || !isTensor(c, scale) ||
      !isTensor(c, dscale) || !isTensor(c, dshift) || !isTensor(c, savedMean) || !isTensor(c, savedInverse)) {
    return BAD_PARAM;
  }
  float alphaData = *alphaDataAt;
  float betaData = *betaDataAt;
  float alphaParameter = *alphaParameterAt;
  float betaParameter = *betaParameterAt;
  return enqueue(handle, __func__, [=] {
    for (int k = 0; k < t.c; k++) {
      double gamma = 0;
      double beta = 0;
      for (size_t r = 0; r < rows(t); r++) {
        beta += dy[r * t.c + k];
        gamma += dy[r * t.c + k] * ((double)x[r * t.c + k] - savedMean[k]) * savedInverse[k];
      }
      dscale[k] = blend(alphaParameter, (float)gamma, betaParameter, dscale[k]);
      dshift[k] = blend(alphaParameter, (float)beta, betaParameter, dshift[k]);
      for (size_t r = 0; r < rows(t); r++) {
        double normalized = ((double)x[r * t.c + k] - savedMean[k]) * savedInverse[k];
        double through = dy[r * t.c + k] - beta / rows(t) - normalized * gamma / rows(t);
        dx[r * t.c + k] =
            blend(alphaData, (float)(scale[k] * savedInverse[k] * through), betaData, dx[r * t.c + k]);
      }
    }
  });
}

// In place is allowed here.
int cudnnActivationForward(void* handle, void* descriptor, const float* alphaAt, void* xDescriptor, const float* x,
                           const float* betaAt, void* yDescriptor, float* y) {
  Tensor t = *(Tensor*)xDescriptor;
  float ceiling = (float)((Activation*)descriptor)->ceiling;
  if (!t.same(*(Tensor*)yDescriptor) || !isTensor(t, x) || !isTensor(t, y)) {
    return BAD_PARAM;
  }
  float alpha = *alphaAt;
  float beta = *betaAt;
  return enqueue(handle, __func__, [=] {
    for (size_t i = 0; i < t.count(); i++) {
      y[i] = blend(alpha, x[i] < 0 ? 0 : x[i] > ceiling ? ceiling : x[i], beta, y[i]);
    }
  });
}

int cudnnPoolingForward(void* handle, void* descriptor, const float* alphaAt, void* xDescriptor, const float* x,
                        const float* betaAt, void* yDescriptor, float* y) {
  Pooling window = *(Pooling*)descriptor;
  Tensor t = *(Tensor*)xDescriptor;
  Tensor means = *(Tensor*)yDescriptor;
  if (window.h != t.h || window.w != t.w || means.n != t.n || means.h != 1 || means.w != 1 || means.c != t.c ||
      !isTensor(t, x) || !isTensor(means, y)) {
    return BAD_PARAM;
  }
  float alpha = *alphaAt;
  float beta = *betaAt;
  return enqueue(handle, __func__, [=] {
    for (int n = 0; n < t.n; n++) {
      for (int k = 0; k < t.c; k++) {
        float sum = 0;
        for (int p = 0; p < t.h * t.w; p++) {
          sum += x[((size_t)n * t.h * t.w + p) * t.c + k];
        }
        size_t at = (size_t)n * t.c + k;
        y[at] = blend(alpha, sum / (float)(t.h * t.w), beta, y[at]);
      }
    }
  });
}

// Of a mean, so neither y nor x is read; memory of their size they must be.
int cudnnPoolingBackward(void* handle, void* descriptor, const float* alphaAt, void* yDescriptor, const float* y,
                         void* dyDescriptor, const float* dy, void* xDescriptor, const float* x, const float* betaAt,
                         void* dxDescriptor, float* dx) {
  Pooling window = *(Pooling*)descriptor;
  Tensor t = *(Tensor*)xDescriptor;
  Tensor means = *(Tensor*)yDescriptor;
  if (window.h != t.h || window.w != t.w || means.n != t.n || means.h != 1 || means.w != 1 || means.c != t.c ||
      !means.same(*(Tensor*)dyDescriptor) || !t.same(*(Tensor*)dxDescriptor) || !isTensor(means, y) ||
      !isTensor(means, dy) || !isTensor(t, x) || !isTensor(t, dx)) {
    return BAD_PARAM;
  }
  float alpha = *alphaAt;
  float beta = *betaAt;
  return enqueue(handle, __func__, [=] {
    for (size_t i = 0; i < t.count(); i++) {
      size_t sample = i / ((size_t)t.h * t.w * t.c);
      dx[i] = blend(alpha, dy[sample * t.c + i % t.c] / (float)(t.h * t.w), beta, dx[i]);
    }
  });
}
}
