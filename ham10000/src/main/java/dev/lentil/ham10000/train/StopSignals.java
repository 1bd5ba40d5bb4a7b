package dev.lentil.ham10000.train;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * SIGINT, SIGTERM and, when a terminal is closed, SIGHUP while a run trains: the first asks it to stop at the next batch, a SIGINT or
 * SIGTERM after it ends the program at once, which a run survives as well. Outside of training they end the program as always.
 */
final class StopSignals implements AutoCloseable {
  private static final String HANGUP = "HUP";

  private record Replaced(Signal signal, SignalHandler handler) {}

  private final Runnable stop;
  private final Consumer<String> say;
  private final List<Replaced> replaced = new ArrayList<>();
  private volatile int received;

  /**
   * @param stop asks the run to stop
   * @param say tells a person
   */
  StopSignals(Runnable stop, Consumer<String> say) {
    this.stop = stop;
    this.say = say;
    for (String name : List.of("INT", "TERM", HANGUP)) {
      try {
        Signal signal = new Signal(name);
        replaced.add(new Replaced(signal, Signal.handle(signal, this::handle)));
      } catch (IllegalArgumentException _) {
        // Java was told to leave signals alone (-Xrs), or the system has no such signal, as Windows no SIGHUP
      }
    }
  }

  private synchronized void handle(Signal signal) {
    if (received != 0) {
      if (signal.getName().equals(HANGUP)) {
        // of one terminal it comes from its shell and from the system
        return;
      }
      Runtime.getRuntime().halt(RunStopped.BY_SIGNAL + signal.getNumber());
    }
    received = signal.getNumber();
    stop.run();
    say.accept("SIG" + signal.getName() + ": stopping after this batch; once more stops at once");
  }

  /** The number of the signal that came, if one did. */
  OptionalInt received() {
    return received == 0 ? OptionalInt.empty() : OptionalInt.of(received);
  }

  @Override
  public void close() {
    replaced.forEach(each -> Signal.handle(each.signal, each.handler));
  }
}
