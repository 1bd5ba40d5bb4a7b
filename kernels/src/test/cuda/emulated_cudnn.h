// What the parts of the emulated cuDNN share: descriptors and their checks. It is stricter than cuDNN: NHWC and float32
// only, tensors that lie in one allocation, shapes that fit exactly, and no algorithm that may give other bits next time.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <functional>

typedef std::function<void()> Task;

extern "C" {
int emulated_enqueue(void* stream, const Task* task);
int emulated_is_device_memory(const void* address, size_t size);
int emulated_apart_from_recordings();
}

// cudnnStatus_t of version 9
enum { SUCCESS = 0, NOT_INITIALIZED = 1001, BAD_PARAM = 2000, BAD_SHAPE = 2008, NOT_SUPPORTED = 3000, EXECUTION_FAILED = 5000 };
enum { NHWC = 1 };
enum { FLOAT = 0 };

struct Handle {
  void* stream;
};

struct Tensor {
  int n, h, w, c;

  size_t count() const { return (size_t)n * h * w * c; }
  size_t at(int sample, int y, int x, int channel) const { return (((size_t)sample * h + y) * w + x) * c + channel; }
  bool same(const Tensor& other) const { return n == other.n && h == other.h && w == other.w && c == other.c; }
};

// In memory [out][h][w][in], in being the channels of one group.
struct Filter {
  int out, h, w, in;

  size_t count() const { return (size_t)out * h * w * in; }
  size_t at(int o, int y, int x, int i) const { return (((size_t)o * h + y) * w + x) * in + i; }
};

struct Convolution {
  int padH, padW, stride, groups, math;
};

struct Pooling {
  int h, w;
};

struct Activation {
  double ceiling;
};

inline bool isTensor(const Tensor& tensor, const void* data) {
  return tensor.count() > 0 && emulated_is_device_memory(data, tensor.count() * sizeof(float));
}

inline bool isFilter(const Filter& filter, const void* data) {
  return filter.count() > 0 && emulated_is_device_memory(data, filter.count() * sizeof(float));
}

// The one or the other: with beta 0 the old content is not read, it may be not-a-number.
inline float blend(float alpha, float result, float beta, float old) {
  return beta == 0 ? alpha * result : alpha * result + beta * old;
}

// Counts the calls of a function, for tests.
void count(const char* function);

inline int enqueue(void* handle, const char* function, Task task) {
  count(function);
  return emulated_enqueue(((Handle*)handle)->stream, &task) == 0 ? SUCCESS : EXECUTION_FAILED;
}
