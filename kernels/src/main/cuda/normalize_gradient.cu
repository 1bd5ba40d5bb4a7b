// The gradients of a batch normalisation, in two passes over memory. The first sums, over rows and in two stages,
//   dbeta[c] = sum of dy[r,c],  dgamma[c] = inverse[c] * sum of dy[r,c] * (x[r,c] - mean[c])
// and the second makes the input's gradient of them: with statistics of the batch it goes through mean and variance too,
// with moving statistics it does not. Formulas: dev.lentil.backend.reference.BatchNormalization and MovingNormalization.
//
// On its way the first pass takes the gradient back through what comes after the normalisation: ReLU6, whose mask is
// made again of x instead of being read, or a sum, which hands it to its other side.
#include "normalization.cuh"
#include "second_stage.cuh"

// What the gradient passes before it reaches the normalisation.
struct Untouched {
  template <int WIDTH>
  __device__ void apply(float (&)[WIDTH], const float (&)[WIDTH], int) const {}
};

struct CopyTo {
  real* other;

  template <int WIDTH>
  __device__ void apply(float (&dy)[WIDTH], const float (&)[WIDTH], int at) const {
    save(dy, other + at);
  }
};

struct AddTo {
  real* other;

  template <int WIDTH>
  __device__ void apply(float (&dy)[WIDTH], const float (&)[WIDTH], int at) const {
    float sum[WIDTH];
    load(other + at, sum);
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      sum[i] += dy[i];
    }
    save(sum, other + at);
  }
};

template <int NORM_WIDTH>
struct Rectified {
  BatchNorm<NORM_WIDTH> norm;
  real* dnorm;

  __device__ void apply(float (&dy)[NORM_WIDTH], const float (&x)[NORM_WIDTH], int at) const {
#pragma unroll
    for (int i = 0; i < NORM_WIDTH; i++) {
      dy[i] = relu6Gradient(dy[i], norm.of(x[i], i));
    }
    save(dy, dnorm + at);
  }
};

// partial [2,channels,groups]: sums of products, then of dy.
template <int WIDTH, class Before>
__device__ void sums(const Before& before, const real* dy, const real* x, const float* saved, float* partial, int rows,
                     int rowsPerGroup, int channels) {
  int c = firstChannel<WIDTH>();
  float both[2 * WIDTH] = {};
  if (c < channels) {
    float mean[WIDTH];
    loadFloats(saved + c, mean);
    ROWS_OF_GROUP(r, rows, rowsPerGroup) {
      float d[WIDTH], values[WIDTH];
      load(dy + r * channels + c, d);
      load(x + r * channels + c, values);
      before.apply(d, values, r * channels + c);
#pragma unroll
      for (int i = 0; i < WIDTH; i++) {
        both[i] = fmaf(d[i], values[i] - mean[i], both[i]);
        both[WIDTH + i] += d[i];
      }
    }
  }
  sumRows<ROW_THREADS>(both);
  if (threadIdx.y == 0 && c < channels) {
    saveParts<WIDTH>(both, partial, c);
    saveParts<WIDTH>(both + WIDTH, partial, channels + c);
  }
}

template <int WIDTH, class Before>
__device__ void sumsAfter(Before before, const real* dy, const real* x, const float* saved, float* partial, int rows,
                          int rowsPerGroup, int channels) {
  sums<WIDTH>(before, dy, x, saved, partial, rows, rowsPerGroup, channels);
}

template <int WIDTH>
__device__ void rectifiedSums(const real* dy, const real* x, const float* saved, const float* gamma, const float* beta,
                              real* dnorm, float* partial, int rows, int rowsPerGroup, int channels) {
  // Threads without a channel take part in the barriers, with the constants of the first.
  int c = firstChannel<WIDTH>() < channels ? firstChannel<WIDTH>() : 0;
  Rectified<WIDTH> rectified = {BatchNorm<WIDTH>(saved, gamma, beta, c, channels), dnorm};
  sums<WIDTH>(rectified, dy, x, saved, partial, rows, rowsPerGroup, channels);
}

KERNEL normalize_sums(const real* dy, const real* x, const float* saved, float* partial, int rows, int rowsPerGroup,
                      int channels) {
  IN_CHANNELS(sumsAfter, channels, Untouched(), dy, x, saved, partial, rows, rowsPerGroup);
}

KERNEL normalize_sums_copy(const real* dy, const real* x, const float* saved, float* partial, int rows,
                           int rowsPerGroup, int channels, real* other) {
  IN_CHANNELS(sumsAfter, channels, CopyTo{other}, dy, x, saved, partial, rows, rowsPerGroup);
}

KERNEL normalize_sums_accumulate(const real* dy, const real* x, const float* saved, float* partial, int rows,
                                 int rowsPerGroup, int channels, real* other) {
  IN_CHANNELS(sumsAfter, channels, AddTo{other}, dy, x, saved, partial, rows, rowsPerGroup);
}

// dnorm may be dy.
KERNEL normalize_sums_relu6(const real* dy, const real* x, const float* saved, float* partial, int rows,
                            int rowsPerGroup, int channels, const float* gamma, const float* beta, real* dnorm) {
  IN_CHANNELS(rectifiedSums, channels, dy, x, saved, gamma, beta, dnorm, partial, rows, rowsPerGroup);
}

// The second stage: the parameters' gradients, and the coefficients of RawGradient.
KERNEL normalize_coefficients(const float* partial, const float* saved, const float* gamma, float* dgamma, float* dbeta,
                              float* coefficients, int groups, int rows, int channels) {
  int c = numberOfLine();
  double product = sumOfParts(partial, c, channels, groups);
  double total = sumOfParts(partial + channels * groups, c, channels, groups);
  if (threadIdx.x == 0 && c < channels) {
    double inverse = saved[channels + c];
    double factor = gamma[c] * inverse;
    dgamma[c] = (float)(product * inverse);
    dbeta[c] = (float)total;
    coefficients[c] = (float)factor;
    coefficients[channels + c] = (float)(-factor * inverse * inverse * product / rows);
    coefficients[2 * channels + c] = (float)(-factor * total / rows);
  }
}

template <int WIDTH>
__device__ void throughStatistics(bool add, const real* dy, const real* x, const float* saved,
                                  const float* coefficients, real* dx, int rows, int channels) {
  int c = firstChannel<WIDTH>();
  if (c >= channels) {
    return;
  }
  RawGradient<WIDTH> raw(saved, coefficients, c, channels);
  ROWS_OF_ALL(r, rows) {
    int at = r * channels + c;
    float d[WIDTH], values[WIDTH], old[WIDTH] = {};
    load(dy + at, d);
    load(x + at, values);
    if (add) {
      load(dx + at, old);
    }
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      d[i] = old[i] + raw.of(d[i], values[i], i);
    }
    save(d, dx + at);
  }
}

KERNEL normalize_batch_input_gradient(const real* dy, const real* x, const float* saved, const float* coefficients,
                                      real* dx, int rows, int channels) {
  IN_CHANNELS(throughStatistics, channels, false, dy, x, saved, coefficients, dx, rows);
}

KERNEL normalize_batch_input_gradient_add(const real* dy, const real* x, const float* saved, const float* coefficients,
                                          real* dx, int rows, int channels) {
  IN_CHANNELS(throughStatistics, channels, true, dy, x, saved, coefficients, dx, rows);
}

template <int WIDTH>
__device__ void scaled(bool add, const real* dy, const float* saved, const float* gamma, real* dx, int rows,
                       int channels) {
  int c = firstChannel<WIDTH>();
  if (c >= channels) {
    return;
  }
  float scale[WIDTH], inverse[WIDTH];
  loadFloats(gamma + c, scale);
  loadFloats(saved + channels + c, inverse);
#pragma unroll
  for (int i = 0; i < WIDTH; i++) {
    scale[i] *= inverse[i];
  }
  ROWS_OF_ALL(r, rows) {
    int at = r * channels + c;
    float d[WIDTH], old[WIDTH] = {};
    load(dy + at, d);
    if (add) {
      load(dx + at, old);
    }
#pragma unroll
    for (int i = 0; i < WIDTH; i++) {
      d[i] = fmaf(d[i], scale[i], old[i]);
    }
    save(d, dx + at);
  }
}

KERNEL normalize_input_gradient(const real* dy, const float* saved, const float* gamma, real* dx, int rows,
                                int channels) {
  IN_CHANNELS(scaled, channels, false, dy, saved, gamma, dx, rows);
}

KERNEL normalize_input_gradient_add(const real* dy, const float* saved, const float* gamma, real* dx, int rows,
                                    int channels) {
  IN_CHANNELS(scaled, channels, true, dy, saved, gamma, dx, rows);
}
