import dev.lentil.backend.Backend;
import dev.lentil.backend.cpu.CpuBackend;
import dev.lentil.backend.reference.ReferenceBackend;

/**
 * The engine: tensors, networks, plans, backends, training, metrics, explanations. All is exported but what the backends consist of,
 * which may change at any time; whoever measures that does so on the class path.
 */
module dev.lentil.engine {
  // without it plain Java loops run
  requires static jdk.incubator.vector;

  exports dev.lentil.backend;
  exports dev.lentil.check;
  exports dev.lentil.explain;
  exports dev.lentil.image;
  exports dev.lentil.io;
  exports dev.lentil.json;
  exports dev.lentil.metrics;
  exports dev.lentil.nn;
  exports dev.lentil.plan;
  exports dev.lentil.random;
  exports dev.lentil.safetensors;
  exports dev.lentil.tensor;
  exports dev.lentil.train;

  uses Backend;

  // META-INF/services says the same for the class path
  provides Backend with CpuBackend, ReferenceBackend;
}
