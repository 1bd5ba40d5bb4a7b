// to[column][row] = from[row][column]: a convolution's kernel [kernelH,kernelW,in,out] as cuDNN's filter
// [out,kernelH,kernelW,in] and back. Once per change of the parameters, so nothing is done about scattered reads.
#include "lentil.cuh"

KERNEL transpose(const float* from, float* to, int rows, int columns, int count) {
  FOR_EACH(i, count) {
    to[i] = from[i % (unsigned)rows * columns + i / (unsigned)rows];
  }
}
