package dev.lentil.backend.cuda.driver;

import static dev.lentil.backend.cuda.driver.CudaError.check;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;

/** Recorded work that runs with one call. */
public final class Graph implements AutoCloseable {
  private static final String KIND = "graph";

  private final CUgraphExec executable = new CUgraphExec();
  private final Ledger ledger;
  private boolean open = true;

  Graph(CUgraph recorded, Ledger ledger) {
    this.ledger = ledger;
    try {
      check(JCudaDriver.cuGraphInstantiate(executable, recorded, 0), "prepare a graph");
    } finally {
      JCudaDriver.cuGraphDestroy(recorded);
    }
    ledger.opened(KIND);
  }

  public void launch(Stream stream) {
    check(JCudaDriver.cuGraphLaunch(executable, stream.handle()), "run a graph");
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      ledger.closed(KIND);
      check(JCudaDriver.cuGraphExecDestroy(executable), "give a graph back");
    }
  }
}
