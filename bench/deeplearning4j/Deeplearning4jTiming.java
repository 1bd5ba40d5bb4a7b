import java.util.Arrays;
import java.util.Locale;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Times MobileNetV2 1.0 with one logit in Deeplearning4j, as {@code cpu_peers.py} times the others, which starts it:
 *
 * <pre>java -cp CLASSPATH Deeplearning4jTiming.java inference|training SIZE BATCH SECONDS</pre>
 *
 * <p>It prints milliseconds of a run: the median of five measurements of SECONDS after three runs to warm up, for the faster of its
 * two layouts of images.
 */
final class Deeplearning4jTiming {
  private static final int MEASUREMENTS = 5;
  private static final int WARM_UP = 3;
  /** What MobileNetV2 1.0 has without its ImageNet head, moving statistics included, and one logit. */
  private static final long PARAMETERS = 2_257_984 + 1_281;
  /** Expansion, output channels, blocks, first stride: the paper's table 2. */
  private static final int[][] BLOCKS =
      {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};

  private final CNN2DFormat layout;
  private final GraphBuilder graph = new NeuralNetConfiguration.Builder().seed(1).weightInit(WeightInit.RELU)
      .updater(new Adam(1e-4)).graphBuilder();
  private int layers;

  private Deeplearning4jTiming(CNN2DFormat layout) {
    this.layout = layout;
  }

  public static void main(String[] arguments) {
    boolean training = arguments[0].equals("training");
    int size = Integer.parseInt(arguments[1]);
    int batch = Integer.parseInt(arguments[2]);
    double seconds = Double.parseDouble(arguments[3]);
    double best = Double.POSITIVE_INFINITY;
    for (CNN2DFormat layout : CNN2DFormat.values()) {
      best = Math.min(best, milliseconds(new Deeplearning4jTiming(layout).work(training, size, batch), seconds));
    }
    System.out.println(String.format(Locale.ROOT, "%.3f", best));
  }

  private static double milliseconds(Runnable run, double seconds) {
    for (int i = 0; i < WARM_UP; i++) {
      run.run();
    }
    double[] times = new double[MEASUREMENTS];
    for (int i = 0; i < MEASUREMENTS; i++) {
      long start = System.nanoTime();
      int runs = 0;
      do {
        run.run();
        runs++;
      } while (System.nanoTime() - start < seconds * 1e9);
      times[i] = (System.nanoTime() - start) / 1e6 / runs;
    }
    Arrays.sort(times);
    return times[MEASUREMENTS / 2];
  }

  private Runnable work(boolean training, int size, int batch) {
    ComputationGraph network = network(size);
    if (network.numParams() != PARAMETERS) {
      throw new AssertionError(network.numParams() + " parameters instead of " + PARAMETERS);
    }
    INDArray images = layout == CNN2DFormat.NHWC
        ? Nd4j.rand(batch, size, size, 3)
        : Nd4j.rand(batch, 3, size, size);
    INDArray labels = Nd4j.zeros(batch, 1);
    for (int i = 0; i < batch; i += 2) {
      labels.putScalar(i, 0, 1);
    }
    if (training) {
      DataSet data = new DataSet(images, labels);
      return () -> network.fit(data);
    }
    return () -> network.outputSingle(images).getDouble(0);
  }

  private ComputationGraph network(int size) {
    graph.addInputs("images");
    String x = normalized(convolution("images", 32, 3, 2), true);
    int channels = 32;
    for (int[] row : BLOCKS) {
      for (int i = 0; i < row[2]; i++) {
        String shortcut = x;
        int wide = channels * row[0];
        if (row[0] > 1) {
          x = normalized(convolution(x, wide, 1, 1), true);
        }
        x = normalized(depthwise(x, wide, i == 0 ? row[3] : 1), true);
        x = normalized(convolution(x, row[1], 1, 1), false);
        if (i > 0) {
          String sum = name();
          graph.addVertex(sum, new ElementWiseVertex(ElementWiseVertex.Op.Add), shortcut, x);
          x = sum;
        }
        channels = row[1];
      }
    }
    x = normalized(convolution(x, 1280, 1, 1), true);
    graph.addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), x);
    graph.addLayer("prediction",
        new OutputLayer.Builder(LossFunction.XENT).nOut(1).activation(Activation.SIGMOID).build(), "pool");
    graph.setOutputs("prediction");
    graph.setInputTypes(InputType.convolutional(size, size, 3, layout));
    ComputationGraph network = new ComputationGraph(graph.build());
    network.init();
    return network;
  }

  private String name() {
    return "layer_" + layers++;
  }

  private String convolution(String input, int channels, int kernel, int stride) {
    String name = name();
    graph.addLayer(name, new ConvolutionLayer.Builder(kernel, kernel).nOut(channels).stride(stride, stride)
        .convolutionMode(ConvolutionMode.Same).hasBias(false).dataFormat(layout).activation(Activation.IDENTITY).build(),
        input);
    return name;
  }

  private String depthwise(String input, int channels, int stride) {
    String name = name();
    graph.addLayer(name, new DepthwiseConvolution2D.Builder().depthMultiplier(1).nIn(channels).nOut(channels)
        .kernelSize(3, 3).stride(stride, stride).convolutionMode(ConvolutionMode.Same).hasBias(false).dataFormat(layout)
        .activation(Activation.IDENTITY).build(), input);
    return name;
  }

  private String normalized(String input, boolean rectified) {
    String name = name();
    graph.addLayer(name, new BatchNormalization.Builder().eps(1e-3).decay(0.999).dataFormat(layout)
        .activation(rectified ? Activation.RELU6 : Activation.IDENTITY).build(), input);
    return name;
  }
}
