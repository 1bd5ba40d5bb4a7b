// The losses of dev.lentil.nn.Loss, sum_i w_i l_i / n, and their gradients, in one block and in float64: they are a
// handful of numbers. Each thread takes every LOSS_THREADS-th sample; the threads' sums are joined in a fixed order.
#include "lentil.cuh"

#define LOSS_THREADS 128
#define CLIP 1e-7f

__device__ inline double sigmoidOf(double z) { return 1.0 / (1.0 + exp(-z)); }

__device__ inline void finishLoss(double mine, double* loss) {
  __shared__ double shared[LOSS_THREADS];
  shared[threadIdx.x] = mine;
  __syncthreads();
  if (threadIdx.x == 0) {
    double sum = 0.0;
    for (int thread = 0; thread < LOSS_THREADS; thread++) {
      sum += shared[thread];
    }
    *loss = sum;
  }
}

KERNEL binary_cross_entropy(const real* logits, const double* labels, const double* weights, real* gradient,
                            double* loss, int n, int k) {
  double sum = 0.0;
  for (int i = threadIdx.x; i < n; i += LOSS_THREADS) {
    double scale = weights[i] / ((double)n * k);
    for (int j = 0; j < k; j++) {
      int at = i * k + j;
      double z = value(logits[at]);
      sum += scale * (fmax(z, 0.0) - z * labels[at] + log1p(exp(-fabs(z))));
      gradient[at] = store((float)(scale * (sigmoidOf(z) - labels[at])));
    }
  }
  finishLoss(sum, loss);
}

KERNEL categorical_cross_entropy(const real* logits, const double* labels, const double* weights, real* gradient,
                                 double* loss, int n, int k) {
  double sum = 0.0;
  for (int i = threadIdx.x; i < n; i += LOSS_THREADS) {
    double scale = weights[i] / n;
    double largest = value(logits[i * k]);
    for (int j = 1; j < k; j++) {
      largest = fmax(largest, (double)value(logits[i * k + j]));
    }
    double total = 0.0;
    double labelSum = 0.0;
    for (int j = 0; j < k; j++) {
      total += exp(value(logits[i * k + j]) - largest);
      labelSum += labels[i * k + j];
    }
    double logTotal = largest + log(total);
    for (int j = 0; j < k; j++) {
      int at = i * k + j;
      double z = value(logits[at]);
      sum += scale * labels[at] * (logTotal - z);
      gradient[at] = store((float)(scale * (labelSum * exp(z - logTotal) - labels[at])));
    }
  }
  finishLoss(sum, loss);
}

// Keras's, from a probability clipped in float32; where it clips, the gradient is zero.
KERNEL clipped_binary_cross_entropy(const real* logits, const double* labels, const double* weights, real* gradient,
                                    double* loss, int n, int k) {
  double sum = 0.0;
  for (int i = threadIdx.x; i < n; i += LOSS_THREADS) {
    double scale = weights[i] / ((double)n * k);
    for (int j = 0; j < k; j++) {
      int at = i * k + j;
      double exact = sigmoidOf(value(logits[at]));
      float probability = (float)exact;
      // fmaxf and fminf would make a number of not-a-number
      float p = probability < CLIP ? CLIP : probability > 1.0f - CLIP ? 1.0f - CLIP : probability;
      sum -= scale * (labels[at] * log((double)p) + (1.0 - labels[at]) * log((double)(1.0f - p)));
      bool clipped = probability < CLIP || probability > 1.0f - CLIP;
      gradient[at] = store(clipped ? 0.0f : (float)(scale * (exact - labels[at])));
    }
  }
  finishLoss(sum, loss);
}

// Not a loss: the logits times their labels, for explanations.
KERNEL weighted_logits(const real* logits, const double* labels, const double* weights, real* gradient, double* loss,
                      int n, int k) {
  double sum = 0.0;
  for (int i = threadIdx.x; i < n; i += LOSS_THREADS) {
    for (int j = 0; j < k; j++) {
      int at = i * k + j;
      double factor = weights[i] / n * labels[at];
      sum += factor * value(logits[at]);
      gradient[at] = store((float)factor);
    }
  }
  finishLoss(sum, loss);
}
