package dev.lentil.bench.contender;

import java.util.Map;

/**
 * One program with a network, its weights, a batch with labels and a number of threads, ready to train all layers:
 * batch normalisation with the batch's statistics, weighted binary cross-entropy, Adam.
 */
public interface Training extends AutoCloseable {
  /** Who it is: {@code lentil}, {@code pytorch}. */
  String name();

  /** The loss and its gradients at the present parameters, which stay as they are. */
  Gradients gradients();

  /**
   * One step: forward, backward, update.
   *
   * @return the loss before the update
   */
  double step();

  @Override
  void close();

  /**
   * A loss and its gradients.
   *
   * @param byParameter in Lentil's layouts, by Lentil's names, for each parameter that is trained
   */
  record Gradients(double loss, Map<String, float[]> byParameter) {}
}
