package dev.lentil.backend;

import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.plan.Plan;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The parameters of a bank that have a gradient, so that no backend reads one that nothing has calculated. */
public final class KnownGradients {
  private final Network network;
  private final Set<String> known = new HashSet<>();

  public KnownGradients(Network network) {
    this.network = network;
  }

  /** The parameters whose gradients a run of a plan leaves. */
  public static List<String> of(Plan plan) {
    return plan.spec().stream().flatMap(spec -> spec.trainedParameters(plan.network()).stream())
        .map(ParameterSpec::name).toList();
  }

  /** Says that a run left these, or that they were written. */
  public void add(Collection<String> parameters) {
    known.addAll(parameters);
  }

  /**
   * @throws IllegalArgumentException if there is no such parameter, or it has no gradient
   */
  public void require(String parameter) {
    ParameterSpec spec = network.parameter(parameter);
    if (!known.contains(parameter)) {
      throw new IllegalArgumentException("no training run has calculated the gradient of '" + parameter + "'; "
          + (spec.role().learned()
              ? "run a training plan in which layer '" + spec.layer() + "' is trainable"
              : "moving statistics have none"));
    }
  }
}
