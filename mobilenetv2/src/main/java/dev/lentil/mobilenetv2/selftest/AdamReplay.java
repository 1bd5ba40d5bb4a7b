package dev.lentil.mobilenetv2.selftest;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Adam steps on one batch, from a file's parameters: Keras's form and defaults, learning rate 1e-4.
 *
 * <p>There are two ways, since PyTorch adds every gradient to what {@code .grad} holds until {@code zero_grad} is called.
 * The reference files of this project were written without that call: step t uses the sum of the gradients of steps 1 to t,
 * and the second run begins with the sums that the first one left. (Found by trial: so the ten losses agree to 1e-14,
 * with cleared gradients only the first two do.)
 *
 * @param start the sums of the gradients that the run begins with, by parameter; none where they are cleared
 */
record AdamReplay(OracleFile oracle, BatchNormMode mode, int steps, Gradients gradients, Map<String, double[]> start) {
  private static final double LEARNING_RATE = 1e-4;
  /** The two moments. */
  private static final int SLOTS = 2;

  /** What happens to the gradients between two steps. */
  enum Gradients { SUMMED, CLEARED }

  /**
   * A finished run.
   *
   * @param losses of each step, before its update
   * @param sums the sums of the gradients, as the next run begins with them
   */
  record Run(double[] losses, Weights weights, Map<String, double[]> sums) {}

  /**
   * Steps that each begin where float64 stands, parameters, moments and sums of gradients included.
   *
   * @param exactly the run in float64, which goes on by itself
   * @param gradients all of a step as one vector, the lower quartile of the steps: a value that rounding takes across a ReLU6's
   *     kink changes many steps' much, and what is wrong with a device changes all
   * @param worstGradients the same of the worst step
   * @param updates what a step moves all parameters by, as one vector, and its moments, from the same gradients
   */
  record Steps(Run exactly, ErrorGroup losses, ErrorGroup gradients, ErrorGroup worstGradients, ErrorGroup updates) {}

  /** Each step goes on from where the one before ended. */
  Run run(Device device) {
    try (var trainee = new Trainee(device)) {
      double[] losses = new double[steps];
      for (int t = 1; t <= steps; t++) {
        losses[t - 1] = trainee.step(t);
      }
      return new Run(losses, trainee.bank.snapshot(), trainee.sums);
    }
  }

  /**
   * Steps in a row multiply a rounding of the first, because Adam's first steps have the size of the learning rate however small
   * the gradient is. So a device in float32 is judged step by step.
   *
   * @param name of the groups
   * @param exactly a device in float64
   */
  Steps eachStep(String name, Device device, Device exactly) {
    var losses = new ErrorGroup(name + ", each step from float64's state: loss");
    double[] gradientErrors = new double[steps];
    var updates = new ErrorGroup(name + ", each step: update and moments");
    try (var exact = new Trainee(exactly); var trainee = new Trainee(device)) {
      double[] exactLosses = new double[steps];
      for (int t = 1; t <= steps; t++) {
        String where = "step " + t;
        trainee.takeStateOf(exact);
        double[] before = trainee.parameters();
        double[] exactlyBefore = exact.parameters();
        double loss = exact.gradients(t);
        exactLosses[t - 1] = loss;
        losses.add(where, Math.abs(trainee.gradients(t) - loss) / Math.abs(loss));
        gradientErrors[t - 1] = ErrorGroup.relative(trainee.gradientVector(), exact.gradientVector());
        exact.update(t);
        trainee.updateWith(exact.sums, t);
        updates.add(where,
            ErrorGroup.relative(minus(trainee.parameters(), before), minus(exact.parameters(), exactlyBefore)));
        for (int slot = 0; slot < SLOTS; slot++) {
          updates.add(where + ", moment " + (slot + 1), ErrorGroup.relative(trainee.slots(slot), exact.slots(slot)));
        }
      }
      var worstGradients = new ErrorGroup(name + ", each step: gradients as one vector, worst");
      for (int t = 1; t <= steps; t++) {
        worstGradients.add("step " + t, gradientErrors[t - 1]);
      }
      Arrays.sort(gradientErrors);
      var gradients = new ErrorGroup(name + ", each step: gradients as one vector, lower quartile")
          .add("", gradientErrors[steps / 4]);
      return new Steps(new Run(exactLosses, exact.bank.snapshot(), exact.sums), losses, gradients, worstGradients,
          updates);
    }
  }

  private static double[] minus(double[] a, double[] b) {
    double[] difference = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  /** The network in training on one device; gradients and update are plans of their own, since sums may stand between them. */
  private final class Trainee implements AutoCloseable {
    private final Network network = oracle.network();
    private final List<String> trained =
        spec(Optional.empty()).trainedParameters(network).stream().map(ParameterSpec::name).toList();
    private final Batch nothing = Batch.of(zeros(network.shape(network.inputNode().name()).batched(1)));
    private final ParameterBank bank;
    private final Executable gradientPlan;
    private final Executable updatePlan;
    private final Map<String, double[]> sums = new LinkedHashMap<>();

    Trainee(Device device) {
      bank = device.load(network, oracle.weights());
      gradientPlan = device.compile(
          Planner.training(network, oracle.batch().size(), spec(Optional.empty()), device.fusions(), Set.of()), bank);
      updatePlan = device.compile(Planner.update(network, spec(Optional.of(Optimizer.Adam.keras()))), bank);
      for (String name : trained) {
        sums.put(name, start.getOrDefault(name, new double[network.parameter(name).shape().size()]).clone());
      }
    }

    /** Returns the loss before the update. */
    double step(int t) {
      double loss = gradients(t);
      update(t);
      return loss;
    }

    double gradients(int t) {
      gradientPlan.run(oracle.batch(), state(t));
      return gradientPlan.loss();
    }

    void update(int t) {
      sums.forEach((name, sum) -> {
        double[] gradient = bank.readGradient(name).doubles();
        for (int i = 0; i < sum.length; i++) {
          sum[i] = (gradients == Gradients.SUMMED ? sum[i] : 0) + gradient[i];
        }
      });
      updateWith(sums, t);
    }

    void updateWith(Map<String, double[]> vectors, int t) {
      vectors.forEach(
          (name, vector) -> bank.writeGradient(name, Tensor.of(network.parameter(name).shape(), vector.clone())));
      updatePlan.run(nothing, state(t));
    }

    void takeStateOf(Trainee other) {
      for (ParameterSpec parameter : network.parameters()) {
        bank.write(parameter.name(), other.bank.read(parameter.name()));
      }
      for (String name : trained) {
        for (int slot = 0; slot < SLOTS; slot++) {
          bank.writeSlot(slot, name, other.bank.readSlot(slot, name));
        }
      }
    }

    double[] parameters() {
      return vector(bank::read);
    }

    double[] gradientVector() {
      return vector(bank::readGradient);
    }

    double[] slots(int slot) {
      return vector(name -> bank.readSlot(slot, name));
    }

    private double[] vector(Function<String, Tensor> tensors) {
      return trained.stream().map(tensors).flatMapToDouble(tensor -> Arrays.stream(tensor.doubles())).toArray();
    }

    @Override
    public void close() {
      updatePlan.close();
      gradientPlan.close();
      bank.close();
    }
  }

  private TrainingSpec spec(Optional<Optimizer> optimizer) {
    return new TrainingSpec(TrainingSpec.layersFrom(oracle.network(), 0), mode, oracle.loss(), optimizer);
  }

  private static RunState state(int t) {
    return new RunState(0, 1, t, LEARNING_RATE);
  }

  private static Tensor zeros(Shape shape) {
    return Tensor.of(shape, new float[shape.size()]);
  }
}
