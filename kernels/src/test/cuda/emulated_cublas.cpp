// The calls of cuBLAS that Lentil makes, on host memory: plain loops that add in float32, in tiles along the sum as fast
// libraries do, since one running sum over millions of rows would lose more than they.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <algorithm>
#include <atomic>
#include <functional>

typedef std::function<void()> Task;

// To 10 bits of mantissa, to nearest.
static float tf32(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof x);
  bits = (bits + 0x1000) & ~0x1fffu;
  float y;
  memcpy(&y, &bits, sizeof y);
  return x == x ? y : x;
}

extern "C" {
int emulated_enqueue(void* stream, const Task* task);
int emulated_is_device_memory(const void* address, size_t size);
int emulated_apart_from_recordings();
}

namespace {
enum { SUCCESS = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7, EXECUTION_FAILED = 13, NOT_SUPPORTED = 15 };
enum { NO_TRANSPOSE = 0, TRANSPOSE = 1 };
enum { R_32F = 0, R_16BF = 14 };
enum { COMPUTE_32F = 68, COMPUTE_32F_TF32 = 77 };
enum { TF32_MATH = 3, JOIN_IN_FLOAT32 = 16 };

const int TILE = 256;

struct Handle {
  void* stream;
  size_t workspace;
  int mathMode;
  // Of its own kernels, as cuBLAS loads them: when they are first used.
  bool loaded;
};
std::atomic<int> handles{0};
int startsWith = SUCCESS;
bool lastUsedTf32 = false;
int mathModeAnswer = SUCCESS;

float load(const void* base, int type, size_t i) {
  if (type == R_32F) {
    return ((const float*)base)[i];
  }
  uint32_t bits = (uint32_t)((const uint16_t*)base)[i] << 16;
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

void save(void* base, int type, size_t i, float x) {
  if (type == R_32F) {
    ((float*)base)[i] = x;
    return;
  }
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  ((uint16_t*)base)[i] = (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

size_t bytes(int type) { return type == R_32F ? 4 : 2; }
bool known(int type) { return type == R_32F || type == R_16BF; }
}  // namespace

extern "C" {

int emulated_cublas_handles() { return handles; }
void emulated_cublas_answer_math_mode_with(int status) { mathModeAnswer = status; }
int emulated_cublas_used_tf32() { return lastUsedTf32; }

// Starts answer with a status, as those of a library do that is newer than the driver.
void emulated_cublas_start_with(int status) { startsWith = status; }

int cublasCreate_v2(void** handle) {
  if (startsWith != SUCCESS) {
    return startsWith;
  }
  if (emulated_apart_from_recordings() != SUCCESS) {
    return NOT_INITIALIZED;
  }
  *handle = new Handle{nullptr, 0, 0, false};
  handles++;
  return SUCCESS;
}

int cublasDestroy_v2(void* handle) {
  if (emulated_apart_from_recordings() != SUCCESS) {
    return EXECUTION_FAILED;
  }
  delete (Handle*)handle;
  handles--;
  return SUCCESS;
}

int cublasGetVersion_v2(void*, int* version) {
  *version = EMULATED_VERSION * 10000;
  return SUCCESS;
}

// Puts the default workspace back, as the true one does.
int cublasSetStream_v2(void* handle, void* stream) {
  ((Handle*)handle)->stream = stream;
  ((Handle*)handle)->workspace = 0;
  return SUCCESS;
}

int cublasSetWorkspace_v2(void* handle, void* workspace, size_t size) {
  if (!emulated_is_device_memory(workspace, size)) {
    return INVALID_VALUE;
  }
  ((Handle*)handle)->workspace = size;
  return SUCCESS;
}

int cublasSetMathMode(void* handle, int mode) {
  ((Handle*)handle)->mathMode = mode;
  return mathModeAnswer;
}

int cublasGetMathMode(void* handle, int* mode) {
  *mode = ((Handle*)handle)->mathMode;
  return SUCCESS;
}

const char* cublasGetStatusString(int) { return "as the emulated cuBLAS was told"; }
const char* cublasGetStatusName(int) { return "CUBLAS_STATUS"; }

// Column-major: C [m,n] = alpha op(A) [m,k] op(B) [k,n] + beta C.
int cublasGemmEx(void* handle, int opA, int opB, int m, int n, int k, const void* alphaAt, const void* a, int aType,
                 int lda, const void* b, int bType, int ldb, const void* betaAt, void* c, int cType, int ldc,
                 int computeType, int) {
  float alpha = *(const float*)alphaAt;
  float beta = *(const float*)betaAt;
  size_t aColumns = opA == NO_TRANSPOSE ? k : m;
  size_t bColumns = opB == NO_TRANSPOSE ? n : k;
  int aRows = opA == NO_TRANSPOSE ? m : k;
  int bRows = opB == NO_TRANSPOSE ? k : n;
  // The last column ends after its rows, not after the leading dimension.
  if (!known(aType) || !known(bType) || !known(cType) || lda < aRows || ldb < bRows || ldc < m ||
      !emulated_is_device_memory(a, ((aColumns - 1) * lda + aRows) * bytes(aType)) ||
      !emulated_is_device_memory(b, ((bColumns - 1) * ldb + bRows) * bytes(bType)) ||
      !emulated_is_device_memory(c, ((size_t)(n - 1) * ldc + m) * bytes(cType))) {
    return INVALID_VALUE;
  }
  if (computeType != COMPUTE_32F && computeType != COMPUTE_32F_TF32) {
    return NOT_SUPPORTED;
  }
  // This and the next are allowed by cuBLAS, but not what Lentil promises. Without a workspace that it is given cuBLAS takes its own,
  // which repeats no bits for certain and may be memory that a recording stream cannot take.
  if (((Handle*)handle)->workspace == 0) {
    return NOT_SUPPORTED;
  }
  if (bytes(cType) < sizeof(float) && !(((Handle*)handle)->mathMode & JOIN_IN_FLOAT32)) {
    return NOT_SUPPORTED;
  }
  if (!((Handle*)handle)->loaded && emulated_apart_from_recordings() != SUCCESS) {
    return EXECUTION_FAILED;
  }
  ((Handle*)handle)->loaded = true;
  bool rounded = computeType == COMPUTE_32F_TF32 || (((Handle*)handle)->mathMode & ~JOIN_IN_FLOAT32) == TF32_MATH;
  lastUsedTf32 = rounded;
  Task task = [=] {
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < m; i++) {
        float sum = 0;
        for (int first = 0; first < k; first += TILE) {
          float part = 0;
          int end = std::min(k, first + TILE);
          for (int p = first; p < end; p++) {
            float x = load(a, aType, opA == NO_TRANSPOSE ? i + (size_t)p * lda : p + (size_t)i * lda);
            float y = load(b, bType, opB == NO_TRANSPOSE ? p + (size_t)j * ldb : j + (size_t)p * ldb);
            part += rounded ? tf32(x) * tf32(y) : x * y;
          }
          sum += part;
        }
        size_t at = i + (size_t)j * ldc;
        // With beta 0 the old content is not read: it may be not-a-number.
        save(c, cType, at, beta == 0 ? alpha * sum : alpha * sum + beta * load(c, cType, at));
      }
    }
  };
  return emulated_enqueue(((Handle*)handle)->stream, &task);
}
}
