package dev.lentil.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs independent tasks on a fixed number of threads, the calling one included. Tasks are numbered and taken in order by
 * whoever is free; as each writes its own part of a result, who took which does not show.
 */
final class Workers implements AutoCloseable {
  /** A task; {@code worker} is below {@link Workers#count()} and belongs to one running task at a time. */
  @FunctionalInterface
  interface Task {
    void run(int task, int worker);
  }

  private final int count;
  private final ExecutorService helpers;

  Workers(int count) {
    this.count = count;
    helpers = count == 1 ? Executors.newSingleThreadExecutor() : Executors.newFixedThreadPool(count - 1, task -> {
      Thread thread = new Thread(task, "lentil-cpu");
      thread.setDaemon(true);
      return thread;
    });
  }

  int count() {
    return count;
  }

  /** Returns when all tasks have run; if one threw, throws that after the others have stopped. */
  void run(int tasks, Task task) {
    int used = Math.min(count, tasks);
    if (used <= 1) {
      for (int i = 0; i < tasks; i++) {
        task.run(i, 0);
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (int w = 1; w < used; w++) {
      int worker = w;
      running.add(helpers.submit(() -> drain(tasks, task, next, worker)));
    }
    try {
      drain(tasks, task, next, 0);
    } finally {
      running.forEach(Workers::await);
    }
  }

  private static void drain(int tasks, Task task, AtomicInteger next, int worker) {
    for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
      task.run(i, worker);
    }
  }

  private static void await(Future<?> future) {
    boolean interrupted = false;
    while (true) {
      try {
        future.get();
        break;
      } catch (InterruptedException e) {
        // A kernel is never left half done; the interrupt is for the caller to see afterwards.
        interrupted = true;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException unchecked) {
          throw unchecked;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    helpers.shutdown();
  }
}
