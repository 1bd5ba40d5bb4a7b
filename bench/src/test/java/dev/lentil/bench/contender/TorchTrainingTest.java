package dev.lentil.bench.contender;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.bench.compare.RandomModel;
import dev.lentil.bench.contender.Training.Gradients;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("collects garbage all the time; PyTorch's number of threads is the process's")
class TorchTrainingTest {
  /** PyTorch reads on its way back what DJL lent it on the way forth, which must not be Java's to collect by then. */
  @Test
  void gradientsAreTheSameWhileGarbageIsCollected() throws InterruptedException {
    var task = TrainingTask.of(RandomModel.of(MobileNetV2.keras(0.35, 96, 96, new Head.Classifier(10))), 4);
    var collector = Thread.ofPlatform().daemon().start(() -> {
      while (!Thread.currentThread().isInterrupted()) {
        System.gc();
      }
    });
    try (var training = new TorchTraining(task, 1)) {
      Gradients first = training.gradients();
      for (int time = 0; time < 3; time++) {
        Gradients again = training.gradients();
        assertEquals(first.loss(), again.loss());
        first.byParameter()
            .forEach((name, gradient) -> assertArrayEquals(gradient, again.byParameter().get(name), name));
      }
    } finally {
      collector.interrupt();
      collector.join();
    }
  }
}
