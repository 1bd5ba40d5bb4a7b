// Softmax over the channels.
#include "lentil.cuh"

// One block of SOFTMAX_THREADS for each row; the largest is subtracted first, so the exponential cannot overflow.
#define SOFTMAX_THREADS 128

KERNEL softmax(const real* x, real* y, int channels) {
  __shared__ float shared[SOFTMAX_THREADS];
  const real* row = x + blockIdx.x * channels;
  float largest = value(row[0]);
  for (int c = threadIdx.x; c < channels; c += SOFTMAX_THREADS) {
    largest = fmaxf(largest, value(row[c]));
  }
  shared[threadIdx.x] = largest;
  __syncthreads();
  for (int half = SOFTMAX_THREADS / 2; half > 0; half /= 2) {
    if ((int)threadIdx.x < half) {
      shared[threadIdx.x] = fmaxf(shared[threadIdx.x], shared[threadIdx.x + half]);
    }
    __syncthreads();
  }
  largest = shared[0];
  __syncthreads();
  float sum = 0.0f;
  for (int c = threadIdx.x; c < channels; c += SOFTMAX_THREADS) {
    sum += expf(value(row[c]) - largest);
  }
  shared[threadIdx.x] = sum;
  __syncthreads();
  for (int half = SOFTMAX_THREADS / 2; half > 0; half /= 2) {
    if ((int)threadIdx.x < half) {
      shared[threadIdx.x] += shared[threadIdx.x + half];
    }
    __syncthreads();
  }
  for (int c = threadIdx.x; c < channels; c += SOFTMAX_THREADS) {
    y[blockIdx.x * channels + c] = store(expf(value(row[c]) - largest) / shared[0]);
  }
}
