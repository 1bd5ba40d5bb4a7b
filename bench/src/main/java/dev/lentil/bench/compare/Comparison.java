package dev.lentil.bench.compare;

import dev.lentil.bench.contender.Build;
import dev.lentil.bench.contender.Callers;
import dev.lentil.bench.contender.Images;
import dev.lentil.bench.contender.Inference;
import dev.lentil.bench.contender.LentilInference;
import dev.lentil.bench.contender.LentilTraining;
import dev.lentil.bench.contender.OnnxRuntimeInference;
import dev.lentil.bench.contender.TorchInference;
import dev.lentil.bench.contender.TorchTraining;
import dev.lentil.bench.contender.Training;
import dev.lentil.bench.contender.TrainingTask;
import dev.lentil.bench.machine.FmaPeak;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Network;
import java.nio.file.Path;
import java.util.Optional;

/** One case measured in this process: both programs get the same weights and numbers, agree, and are timed in turn. */
final class Comparison {
  /** Gradients are compared on a small batch, since a step of the peer at the full one takes many seconds. */
  private static final int AGREEMENT_BATCH = 4;
  private static final long SEED = 7;

  private Comparison() {}

  /**
   * @param model its resolution is that of the images
   * @param peer {@code onnxruntime}, {@code pytorch}, or where another build of Lentil is
   * @throws IllegalStateException if both do not calculate the same
   */
  static Result run(Case which, Model model, String peer, Budget budget) throws InterruptedException {
    if (which.callers() > 1 && !peer.equals(which.work().peer())) {
      throw new IllegalArgumentException(which.name() + " is not measured beside '" + peer + "'");
    }
    Optional<Path> build = Build.jar(peer);
    if (build.isPresent()) {
      return besideABuild(which, model, build.get(), budget.withEqualWarmUp());
    }
    return switch (which.work()) {
      case INFER -> infer(which, model, peer, budget);
      case TRAIN -> train(which, model, peer, budget);
    };
  }

  private static Result infer(Case which, Model model, String peer, Budget budget) throws InterruptedException {
    Network network = model.architecture().network();
    Images images = Images.random(network, which.batch(), SEED);
    try (var lentil = lentil(which, network, model, images); var other = inferencePeer(which, peer, model, images)) {
      double error = Agreement.require(lentil, other);
      return result(which, network, other.name(), error, Interleaved.measure(lentil::run, other::run, budget));
    }
  }

  private static Result besideABuild(Case which, Model model, Path jar, Budget budget) throws InterruptedException {
    try (var files = new ModelFolder(model); var build = Build.own(); var other = Build.of(jar)) {
      return switch (which.work()) {
        case INFER -> infer(which, model, build, other, files.weights(), budget);
        case TRAIN -> train(which, model, build, other, files.weights(), budget);
      };
    }
  }

  private static Result infer(Case which, Model model, Build build, Build other, Path file, Budget budget)
      throws InterruptedException {
    try (Inference lentil = build.inference(file, which.batch(), SEED, which.threads());
        Inference peer = other.inference(file, which.batch(), SEED, which.threads())) {
      double error = Agreement.require(lentil, peer);
      return result(which, model.architecture().network(), peer.name(), error,
          Interleaved.measure(lentil::run, peer::run, budget));
    }
  }

  private static Result train(Case which, Model model, Build build, Build other, Path file, Budget budget)
      throws InterruptedException {
    double error;
    try (Training lentil = build.training(file, AGREEMENT_BATCH, which.threads());
        Training peer = other.training(file, AGREEMENT_BATCH, which.threads())) {
      error = Agreement.require(lentil, peer);
    }
    try (Training lentil = build.training(file, which.batch(), which.threads());
        Training peer = other.training(file, which.batch(), which.threads())) {
      return result(which, TrainingTask.of(model, 1).network(), peer.name(), error,
          Interleaved.measure(lentil::step, peer::step, budget));
    }
  }

  private static Inference lentil(Case which, Network network, Model model, Images images) {
    var inference = new LentilInference(network, model.weights(), images, which.threads());
    return which.callers() == 1 ? inference : Callers.of(inference, which.callers());
  }

  private static Inference inferencePeer(Case which, String peer, Model model, Images images) {
    return switch (peer) {
      case "onnxruntime" -> {
        OnnxRuntimeInference session = onnxRuntime(model, images, which.threads());
        yield which.callers() == 1 ? session : Callers.of(session, which.callers());
      }
      case "pytorch" ->
          new TorchInference(model.architecture().network(), model.weights(), images, which.threads());
      default -> throw new IllegalArgumentException("inference is not measured beside '" + peer + "'");
    };
  }

  private static OnnxRuntimeInference onnxRuntime(Model model, Images images, int threads) {
    try (var files = new ModelFolder(model)) {
      return new OnnxRuntimeInference(files.onnx(), images, threads);
    }
  }

  private static Result train(Case which, Model model, String peer, Budget budget) throws InterruptedException {
    if (!peer.equals("pytorch")) {
      throw new IllegalArgumentException("training is not measured beside '" + peer + "'");
    }
    double error = trainingError(TrainingTask.of(model, AGREEMENT_BATCH), which.threads());
    TrainingTask task = TrainingTask.of(model, which.batch());
    try (Training lentil = new LentilTraining(task, which.threads());
        Training other = new TorchTraining(task, which.threads())) {
      return result(which, task.network(), other.name(), error,
          Interleaved.measure(lentil::step, other::step, budget));
    }
  }

  private static double trainingError(TrainingTask task, int threads) {
    try (Training lentil = new LentilTraining(task, threads); Training other = new TorchTraining(task, threads)) {
      return Agreement.require(lentil, other);
    }
  }

  private static Result result(Case which, Network network, String peer, double error, Interleaved times) {
    int batches = which.callers() == 1 ? 1 : Callers.EACH;
    double lentilMillis = times.lentilMillis() / batches;
    double gigaflops = which.operations(network) / (lentilMillis * 1e6);
    return new Result(which.name(), lentilMillis, peer, times.peerMillis() / batches,
        which.batch() * which.callers(), gigaflops, FmaPeak.gigaflops(which.threads() * which.callers()), error,
        times.lentilRuns(), times.peerRuns());
  }
}
