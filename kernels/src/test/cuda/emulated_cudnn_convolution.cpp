// The emulated cuDNN's convolutions: plain loops that add in float32. Their workspace is filled with not-a-number, so that
// one that overlaps with anything else is noticed.
#include <string.h>

#include "emulated_cudnn.h"

namespace {
const int FMA_MATH = 3;
// The deterministic ones: implicit and precomputed product forward, ALGO_1 backward.
const int FORWARD[] = {0, 1};
const int ALGO_1 = 1;
// Forward without this one, so that the search for another is tried too.
const int MISSING = 1;
int lastMath = -1;
bool lacksAll = false;

struct Call {
  Tensor x, y;
  Filter w;
  Convolution how;

  Call(void* xDescriptor, void* filter, void* convolution, void* yDescriptor)
      : x(*(Tensor*)xDescriptor), y(*(Tensor*)yDescriptor), w(*(Filter*)filter), how(*(Convolution*)convolution) {}

  bool fits() const {
    return y.n == x.n && y.c == w.out && x.c == w.in * how.groups && y.c % how.groups == 0 &&
           x.h + 2 * how.padH >= w.h && x.w + 2 * how.padW >= w.w &&  // else the division below would round to an output of 1
           y.h == (x.h + 2 * how.padH - w.h) / how.stride + 1 && y.w == (x.w + 2 * how.padW - w.w) / how.stride + 1;
  }

  // A little for each output row, as an algorithm with precomputed indices takes.
  size_t workspace() const { return (size_t)y.h * 16 + 4; }

  // visit(y's index, x's index, w's index) for every product of the sum.
  template <class V>
  void products(V visit) const {
    int outsPerGroup = y.c / how.groups;
    for (int n = 0; n < y.n; n++)
      for (int oy = 0; oy < y.h; oy++)
        for (int ox = 0; ox < y.w; ox++)
          for (int o = 0; o < y.c; o++)
            for (int ky = 0; ky < w.h; ky++)
              for (int kx = 0; kx < w.w; kx++) {
                int iy = oy * how.stride - how.padH + ky;
                int ix = ox * how.stride - how.padW + kx;
                if (iy < 0 || iy >= x.h || ix < 0 || ix >= x.w) {
                  continue;
                }
                for (int i = 0; i < w.in; i++) {
                  visit(y.at(n, oy, ox, o), x.at(n, iy, ix, o / outsPerGroup * w.in + i), w.at(o, ky, kx, i));
                }
              }
  }
};

int measured(const Call& call, bool known, size_t* bytes) {
  if (!call.fits()) {
    return BAD_SHAPE;
  }
  *bytes = call.workspace();
  return known && !lacksAll ? SUCCESS : NOT_SUPPORTED;
}

int checked(const Call& call, const void* x, const void* y, const void* w, bool known, void* workspace, size_t bytes) {
  if (!call.fits()) {
    return BAD_SHAPE;
  }
  if (!isTensor(call.x, x) || !isTensor(call.y, y) || !isFilter(call.w, w) || bytes < call.workspace() ||
      !emulated_is_device_memory(workspace, bytes)) {
    return BAD_PARAM;
  }
  lastMath = call.how.math;
  return known ? SUCCESS : NOT_SUPPORTED;
}

bool isForward(int algorithm) { return (algorithm == FORWARD[0] || algorithm == FORWARD[1]) && algorithm != MISSING; }

// Sums into a zeroed copy, then blends that into the result.
template <class V>
int run(void* handle, const char* function, void* workspace, size_t bytes, float alpha, float beta, float* out, size_t count, V sum) {
  return enqueue(handle, function, [=] {
    memset(workspace, 0xFF, bytes);
    float* sums = new float[count]();
    sum(sums);
    for (size_t i = 0; i < count; i++) {
      out[i] = blend(alpha, sums[i], beta, out[i]);
    }
    delete[] sums;
  });
}
}  // namespace

extern "C" {

// Whether the last convolution kept to float32.
int emulated_cudnn_used_fma() { return lastMath == FMA_MATH; }

// Whether there is an algorithm for nothing at all.
void emulated_cudnn_lacks_all(int value) { lacksAll = value != 0; }

int cudnnGetConvolutionForwardWorkspaceSize(void*, void* x, void* filter, void* convolution, void* y, int algorithm,
                                            size_t* bytes) {
  return measured(Call(x, filter, convolution, y), isForward(algorithm), bytes);
}

int cudnnGetConvolutionBackwardDataWorkspaceSize(void*, void* filter, void* dy, void* convolution, void* dx,
                                                 int algorithm, size_t* bytes) {
  return measured(Call(dx, filter, convolution, dy), algorithm == ALGO_1, bytes);
}

int cudnnGetConvolutionBackwardFilterWorkspaceSize(void*, void* x, void* dy, void* convolution, void* filter,
                                                   int algorithm, size_t* bytes) {
  return measured(Call(x, filter, convolution, dy), algorithm == ALGO_1, bytes);
}

int cudnnConvolutionForward(void* handle, const float* alpha, void* xDescriptor, const float* x, void* filter,
                            const float* w, void* convolution, int algorithm, void* workspace, size_t bytes,
                            const float* beta, void* yDescriptor, float* y) {
  Call call(xDescriptor, filter, convolution, yDescriptor);
  int status = checked(call, x, y, w, isForward(algorithm), workspace, bytes);
  return status != SUCCESS ? status
                           : run(handle, __func__, workspace, bytes, *alpha, *beta, y, call.y.count(), [=](float* sums) {
                               call.products([=](size_t yi, size_t xi, size_t wi) { sums[yi] += x[xi] * w[wi]; });
                             });
}

int cudnnConvolutionBackwardData(void* handle, const float* alpha, void* filter, const float* w, void* yDescriptor,
                                 const float* dy, void* convolution, int algorithm, void* workspace, size_t bytes,
                                 const float* beta, void* xDescriptor, float* dx) {
  Call call(xDescriptor, filter, convolution, yDescriptor);
  int status = checked(call, dx, dy, w, algorithm == ALGO_1, workspace, bytes);
  return status != SUCCESS ? status
                           : run(handle, __func__, workspace, bytes, *alpha, *beta, dx, call.x.count(), [=](float* sums) {
                               call.products([=](size_t yi, size_t xi, size_t wi) { sums[xi] += dy[yi] * w[wi]; });
                             });
}

int cudnnConvolutionBackwardFilter(void* handle, const float* alpha, void* xDescriptor, const float* x,
                                   void* yDescriptor, const float* dy, void* convolution, int algorithm,
                                   void* workspace, size_t bytes, const float* beta, void* filter, float* dw) {
  Call call(xDescriptor, filter, convolution, yDescriptor);
  int status = checked(call, x, dy, dw, algorithm == ALGO_1, workspace, bytes);
  return status != SUCCESS ? status
                           : run(handle, __func__, workspace, bytes, *alpha, *beta, dw, call.w.count(), [=](float* sums) {
                               call.products([=](size_t yi, size_t xi, size_t wi) { sums[wi] += dy[yi] * x[xi]; });
                             });
}
}
