// The emulated cuDNN: handle and descriptors.
#include "emulated_cudnn.h"

#include <map>
#include <string>

namespace {
int live = 0;
int version = EMULATED_VERSION * 10000 + 100;
int startsWith = SUCCESS;
std::map<std::string, int> calls;

template <class D>
int create(void** descriptor) {
  *descriptor = new D();
  live++;
  return SUCCESS;
}

template <class D>
int destroy(void* descriptor) {
  delete (D*)descriptor;
  live--;
  return SUCCESS;
}
}  // namespace

void count(const char* function) { calls[function]++; }

extern "C" {

// ---- for tests ----

int emulated_cudnn_calls(const char* function) { return calls[function]; }

int emulated_cudnn_live() { return live; }
void emulated_cudnn_start_with(int status) { startsWith = status; }

// ---- cuDNN ----

size_t cudnnGetVersion() { return version; }

const char* cudnnGetErrorString(int status) {
  return status == NOT_INITIALIZED ? "CUDNN_STATUS_NOT_INITIALIZED"
         : status == NOT_SUPPORTED ? "CUDNN_STATUS_NOT_SUPPORTED"
                                   : "CUDNN_STATUS_BAD_PARAM";
}

int cudnnCreate(void** handle) {
  int status = emulated_apart_from_recordings() != SUCCESS ? NOT_INITIALIZED : startsWith;
  return status != SUCCESS ? status : create<Handle>(handle);
}

int cudnnDestroy(void* handle) {
  return emulated_apart_from_recordings() != SUCCESS ? EXECUTION_FAILED : destroy<Handle>(handle);
}

int cudnnSetStream(void* handle, void* stream) {
  ((Handle*)handle)->stream = stream;
  return SUCCESS;
}

int cudnnCreateTensorDescriptor(void** descriptor) { return create<Tensor>(descriptor); }
int cudnnDestroyTensorDescriptor(void* descriptor) { return destroy<Tensor>(descriptor); }

int cudnnSetTensor4dDescriptor(void* descriptor, int format, int type, int n, int c, int h, int w) {
  *(Tensor*)descriptor = {n, h, w, c};
  return format == NHWC && type == FLOAT && n > 0 && c > 0 && h > 0 && w > 0 ? SUCCESS : BAD_PARAM;
}

int cudnnCreateFilterDescriptor(void** descriptor) { return create<Filter>(descriptor); }
int cudnnDestroyFilterDescriptor(void* descriptor) { return destroy<Filter>(descriptor); }

int cudnnSetFilter4dDescriptor(void* descriptor, int type, int format, int k, int c, int h, int w) {
  *(Filter*)descriptor = {k, h, w, c};
  return format == NHWC && type == FLOAT && k > 0 && c > 0 && h > 0 && w > 0 ? SUCCESS : BAD_PARAM;
}

int cudnnCreateConvolutionDescriptor(void** descriptor) { return create<Convolution>(descriptor); }
int cudnnDestroyConvolutionDescriptor(void* descriptor) { return destroy<Convolution>(descriptor); }

int cudnnSetConvolution2dDescriptor(void* descriptor, int padH, int padW, int strideH, int strideW, int dilationH,
                                    int dilationW, int mode, int type) {
  const int CROSS_CORRELATION = 1;
  *(Convolution*)descriptor = {padH, padW, strideH, 1, 0};
  bool known = strideH == strideW && strideH > 0 && padH >= 0 && padW >= 0 && dilationH == 1 && dilationW == 1;
  return known && mode == CROSS_CORRELATION && type == FLOAT ? SUCCESS : BAD_PARAM;
}

int cudnnSetConvolutionGroupCount(void* descriptor, int groups) {
  ((Convolution*)descriptor)->groups = groups;
  return groups > 0 ? SUCCESS : BAD_PARAM;
}

int cudnnSetConvolutionMathType(void* descriptor, int math) {
  ((Convolution*)descriptor)->math = math;
  return math >= 0 && math <= 3 ? SUCCESS : BAD_PARAM;
}

int cudnnCreatePoolingDescriptor(void** descriptor) { return create<Pooling>(descriptor); }
int cudnnDestroyPoolingDescriptor(void* descriptor) { return destroy<Pooling>(descriptor); }

int cudnnSetPooling2dDescriptor(void* descriptor, int mode, int, int h, int w, int padH, int padW, int strideH,
                                int strideW) {
  const int MAX = 0;
  const int MAX_DETERMINISTIC = 3;
  *(Pooling*)descriptor = {h, w};
  bool average = mode > MAX && mode < MAX_DETERMINISTIC;
  return average && padH == 0 && padW == 0 && strideH > 0 && strideW > 0 ? SUCCESS : BAD_PARAM;
}

int cudnnCreateActivationDescriptor(void** descriptor) { return create<Activation>(descriptor); }
int cudnnDestroyActivationDescriptor(void* descriptor) { return destroy<Activation>(descriptor); }

int cudnnSetActivationDescriptor(void* descriptor, int mode, int nan, double ceiling) {
  const int CLIPPED_RELU = 3;
  const int PROPAGATE_NAN = 1;
  *(Activation*)descriptor = {ceiling};
  return mode == CLIPPED_RELU && nan == PROPAGATE_NAN && ceiling > 0 ? SUCCESS : BAD_PARAM;
}
}
