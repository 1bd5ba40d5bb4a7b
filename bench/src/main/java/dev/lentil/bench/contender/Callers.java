package dev.lentil.bench.contender;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One program asked by several threads at once, each for one batch after another, as a service's threads do. */
public final class Callers implements Inference {
  /** Batches of each caller in a run: so many that the wait for the last caller weighs little. */
  public static final int EACH = 16;

  private final String name;
  private final List<Callable<float[]>> callers;
  private final Runnable close;
  private final ExecutorService threads;

  private Callers(List<? extends Inference> each, Runnable close) {
    name = each.getFirst().name();
    callers = each.stream().<Callable<float[]>>map(inference -> () -> {
      for (int i = 1; i < EACH; i++) {
        inference.run();
      }
      return inference.run();
    }).toList();
    this.close = close;
    threads = Executors.newFixedThreadPool(each.size());
  }

  /** Lentil's cpu backend: a device and its companions on one bank. Closes the first. */
  public static Callers of(LentilInference first, int callers) {
    var all = new ArrayList<>(List.of(first));
    while (all.size() < callers) {
      all.add(first.companion());
    }
    return new Callers(all, () -> all.reversed().forEach(LentilInference::close));
  }

  /** One session of ONNX Runtime, which any number of threads may call. Closes it. */
  public static Callers of(OnnxRuntimeInference session, int callers) {
    return new Callers(Collections.nCopies(callers, session), session::close);
  }

  @Override
  public String name() {
    return name;
  }

  /** {@link #EACH} batches of each caller; the outputs of the last, one caller's behind the other's. */
  @Override
  public float[] run() {
    try {
      float[] all = {};
      for (var answer : threads.invokeAll(callers)) {
        float[] one = answer.get();
        int at = all.length;
        all = Arrays.copyOf(all, at + one.length);
        System.arraycopy(one, 0, all, at, one.length);
      }
      return all;
    } catch (ExecutionException e) {
      throw new IllegalStateException(name + " failed: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the measurement was interrupted", e);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    close.run();
  }
}
