package dev.lentil.backend.cpu;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Runs independent tasks on a fixed number of threads, the calling one included. Tasks are numbered and taken in order by
 * whoever is free; as each writes its own part of a result, who took which does not show. An inference of a few milliseconds
 * has some forty such runs, so waking a thread each time would cost more than it gives: a thread without work looks for more
 * for a moment ({@link #LOOKS}) before it sleeps. For use by one calling thread at a time. The threads end with {@link #close},
 * or when this is garbage.
 */
final class Workers implements AutoCloseable {
  /** How often a thread without work looks for it before it sleeps: under a tenth of a millisecond. */
  private static final int LOOKS = 2000;
  /** Pause between looks of a caller that has waited long for a task of another thread. */
  private static final long PAUSE_NANOS = 20_000;
  private static final Job NOTHING = Job.closed();

  /** A task; {@code worker} is below {@link Workers#count()} and belongs to one running task at a time. */
  @FunctionalInterface
  interface Task {
    void run(int task, int worker);
  }

  /** Work on {@code units} units from {@code first} on. */
  @FunctionalInterface
  interface Part {
    void run(int first, int units);
  }

  private final int count;
  private final Helpers helpers;

  Workers(int count) {
    this(count, Thread::start);
  }

  /** @param start what starts a thread */
  Workers(int count, Consumer<Thread> start) {
    this.count = count;
    helpers = new Helpers(count - 1, start);
    if (count > 1) {
      Forgotten.CLEANER.register(this, helpers::close);
    }
  }

  /** Made when there are threads to end. */
  private static final class Forgotten {
    private static final Cleaner CLEANER = Cleaner.create();
  }

  int count() {
    return count;
  }

  /** Returns when all tasks have run; if one threw, throws that after the others have stopped. */
  void run(int tasks, Task task) {
    if (count == 1 || tasks <= 1) {
      for (int i = 0; i < tasks; i++) {
        task.run(i, 0);
      }
      return;
    }
    Job job = new Job(tasks, task);
    helpers.begin(job);
    try {
      job.drain(0);
    } finally {
      job.close();
      helpers.current = NOTHING;
    }
    job.failures.forEach(failure -> {
      throw failure;
    });
  }

  /** As {@link #run}, of work on so many units: a task takes {@code perTask} of them, the last one what is left. */
  void runParts(int units, int perTask, Part work) {
    run(Math.ceilDiv(units, perTask), (task, _) -> {
      int first = task * perTask;
      work.run(first, Math.min(perTask, units - first));
    });
  }

  @Override
  public void close() {
    helpers.close();
  }

  /** One call of {@link #run}. A thread that comes too late finds it closed, so that nobody waits for it. */
  private static final class Job {
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final Task NO_TASK = (_, _) -> {};

    private final int tasks;
    /** Nothing once the job is closed: a helper that sleeps remembers its last job, and must not keep alive what that worked on. */
    private Task task;
    private final AtomicInteger next = new AtomicInteger();
    /** Helpers inside, plus {@link #CLOSED}. */
    private final AtomicInteger inside = new AtomicInteger();
    private final List<RuntimeException> failures = new ArrayList<>();

    Job(int tasks, Task task) {
      this.tasks = tasks;
      this.task = task;
    }

    static Job closed() {
      Job job = new Job(0, NO_TASK);
      job.inside.set(CLOSED);
      return job;
    }

    void drain(int worker) {
      for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
        task.run(i, worker);
      }
    }

    void help(int worker) {
      if (inside.getAndIncrement() >= 0) {
        try {
          drain(worker);
        } catch (RuntimeException e) {
          fail(e);
        } catch (Error e) {
          fail(new IllegalStateException(e));
        }
      }
      inside.getAndDecrement();
    }

    private synchronized void fail(RuntimeException failure) {
      failures.add(failure);
    }

    /** Lets nobody in any more and waits for those inside. An interrupt is for the caller to see afterwards. */
    void close() {
      inside.getAndAdd(CLOSED);
      for (int looks = 0; inside.get() != CLOSED; looks++) {
        if (looks < LOOKS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
      task = NO_TASK;
    }
  }

  /** The threads besides the caller's, and all that they know, so that they keep nothing else alive. */
  private static final class Helpers {
    private final List<Helper> threads = new ArrayList<>();
    private volatile Job current = NOTHING;
    private volatile boolean closed;

    Helpers(int count, Consumer<Thread> start) {
      for (int worker = 1; worker <= count; worker++) {
        threads.add(new Helper(worker, this));
      }
      try {
        threads.forEach(start);
      } catch (Throwable e) {
        // the system may have no thread for the last one: nobody would ever end those before it
        close();
        throw e;
      }
    }

    void begin(Job job) {
      current = job;
      threads.forEach(Helper::wake);
    }

    void close() {
      closed = true;
      threads.forEach(LockSupport::unpark);
    }
  }

  private static final class Helper extends Thread {
    private final int worker;
    private final Helpers all;
    private volatile boolean asleep;

    Helper(int worker, Helpers all) {
      // what the opening thread would hand down (its inheritable thread locals, its class loader) would live as long as this
      super(null, null, "lentil-cpu-" + worker, 0, false);
      this.worker = worker;
      this.all = all;
      setDaemon(true);
    }

    /** Called after {@link Helpers#current} was set; a helper says that it sleeps before it looks a last time. */
    void wake() {
      if (asleep) {
        LockSupport.unpark(this);
      }
    }

    @Override
    public void run() {
      Job last = NOTHING;
      int looks = 0;
      while (!all.closed) {
        Job job = all.current;
        if (job != last) {
          last = job;
          job.help(worker);
          looks = 0;
        } else if (looks++ < LOOKS) {
          Thread.onSpinWait();
        } else {
          asleep = true;
          if (all.current == last && !all.closed) {
            LockSupport.park(all);
          }
          asleep = false;
        }
      }
    }
  }
}
