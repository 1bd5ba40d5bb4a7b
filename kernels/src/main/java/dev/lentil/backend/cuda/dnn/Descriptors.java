package dev.lentil.backend.cuda.dnn;

import static dev.lentil.backend.cuda.dnn.CudnnError.check;

import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.Ledger;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnActivationMode;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnNanPropagation;
import jcuda.jcudnn.cudnnPoolingDescriptor;
import jcuda.jcudnn.cudnnPoolingMode;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;

/** cuDNN's descriptors, one for each thing described, kept until the device is closed. All are NHWC and float32. */
final class Descriptors implements AutoCloseable {
  private static final String KIND = "cuDNN descriptor";

  private record TensorKey(int n, int h, int w, int c) {}

  private record FilterKey(int out, int h, int w, int in) {}

  private record ConvolutionKey(int padH, int padW, int stride, int groups, int math) {}

  private record PoolingKey(int h, int w) {}

  private record CeilingKey(double ceiling) {}

  private final Ledger ledger;
  private final Map<Record, Object> made = new HashMap<>();
  private final Closing owned = new Closing();

  Descriptors(Ledger ledger) {
    this.ledger = ledger;
  }

  cudnnTensorDescriptor tensor(int n, int h, int w, int c) {
    return make(new TensorKey(n, h, w, c), cudnnTensorDescriptor::new, JCudnn::cudnnCreateTensorDescriptor,
        it -> JCudnn.cudnnSetTensor4dDescriptor(it, cudnnTensorFormat.CUDNN_TENSOR_NHWC, cudnnDataType.CUDNN_DATA_FLOAT,
            n, c, h, w),
        JCudnn::cudnnDestroyTensorDescriptor);
  }

  /** In memory {@code [out,h,w,in]}, {@code in} being the channels of one group. */
  cudnnFilterDescriptor filter(int out, int h, int w, int in) {
    return make(new FilterKey(out, h, w, in), cudnnFilterDescriptor::new, JCudnn::cudnnCreateFilterDescriptor,
        it -> JCudnn.cudnnSetFilter4dDescriptor(it, cudnnDataType.CUDNN_DATA_FLOAT, cudnnTensorFormat.CUDNN_TENSOR_NHWC,
            out, in, h, w),
        JCudnn::cudnnDestroyFilterDescriptor);
  }

  /** @param math a constant of cudnnMathType */
  cudnnConvolutionDescriptor convolution(int padH, int padW, int stride, int groups, int math) {
    return make(new ConvolutionKey(padH, padW, stride, groups, math), cudnnConvolutionDescriptor::new,
        JCudnn::cudnnCreateConvolutionDescriptor, it -> {
          check(JCudnn.cudnnSetConvolution2dDescriptor(it, padH, padW, stride, stride, 1, 1,
              cudnnConvolutionMode.CUDNN_CROSS_CORRELATION, cudnnDataType.CUDNN_DATA_FLOAT), "describe a convolution");
          check(JCudnn.cudnnSetConvolutionGroupCount(it, groups), "divide a convolution into groups");
          return JCudnn.cudnnSetConvolutionMathType(it, math);
        }, JCudnn::cudnnDestroyConvolutionDescriptor);
  }

  /** The mean over a window as large as the image. */
  cudnnPoolingDescriptor averagePooling(int h, int w) {
    return make(new PoolingKey(h, w), cudnnPoolingDescriptor::new, JCudnn::cudnnCreatePoolingDescriptor,
        it -> JCudnn.cudnnSetPooling2dDescriptor(it, cudnnPoolingMode.CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING,
            cudnnNanPropagation.CUDNN_PROPAGATE_NAN, h, w, 0, 0, 1, 1),
        JCudnn::cudnnDestroyPoolingDescriptor);
  }

  cudnnActivationDescriptor clippedRelu(double ceiling) {
    return make(new CeilingKey(ceiling), cudnnActivationDescriptor::new, JCudnn::cudnnCreateActivationDescriptor,
        it -> JCudnn.cudnnSetActivationDescriptor(it, cudnnActivationMode.CUDNN_ACTIVATION_CLIPPED_RELU,
            cudnnNanPropagation.CUDNN_PROPAGATE_NAN, ceiling),
        JCudnn::cudnnDestroyActivationDescriptor);
  }

  private <D> D make(Record key, Supplier<D> empty, ToIntFunction<D> create, ToIntFunction<D> describe,
      ToIntFunction<D> destroy) {
    Object known = made.get(key);
    if (known != null) {
      // Each kind of key belongs to one kind of descriptor.
      @SuppressWarnings("unchecked") D descriptor = (D) known;
      return descriptor;
    }
    D descriptor = empty.get();
    check(create.applyAsInt(descriptor), "make a descriptor");
    ledger.opened(KIND);
    owned.add(() -> {
      ledger.closed(KIND);
      check(destroy.applyAsInt(descriptor), "give a descriptor back");
    });
    check(describe.applyAsInt(descriptor), "describe " + key);
    made.put(key, descriptor);
    return descriptor;
  }

  @Override
  public void close() {
    made.clear();
    owned.close();
  }
}
