package dev.lentil.weights.store;

/** The kinds of weight file that are read. */
public enum FileFormat {
  SAFETENSORS("safetensors"),
  SAFETENSORS_SHARDED("safetensors, sharded"),
  KERAS_LEGACY_H5("Keras HDF5 (.h5)"),
  KERAS_WEIGHTS_H5("Keras 3 weights (.weights.h5)"),
  KERAS_ARCHIVE("Keras 3 archive (.keras)"),
  PYTORCH("PyTorch zip"),
  PYTORCH_LEGACY("PyTorch before 1.6"),
  ONNX("ONNX"),
  TENSORFLOW_JS("TensorFlow.js layers model"),
  NUMPY_NPZ("NumPy .npz"),
  NUMPY_FOLDER("folder of NumPy .npy");

  private final String title;

  FileFormat(String title) {
    this.title = title;
  }

  /** The format's name for people. */
  public String title() {
    return title;
  }
}
