package dev.lentil.mobilenetv2.selftest;

import dev.lentil.backend.Device;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Step;
import dev.lentil.tensor.Tensor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A device that calculates as another one, but for one fault. */
final class FaultyDevice {
  /** What is wrong. */
  enum Fault {
    /** By a factor. */
    LEARNING_RATE,
    /** By a factor. */
    GRADIENTS,
    /** By a factor, from step {@link #LATE} on. */
    LATE_GRADIENTS,
    /** By a factor. */
    SECOND_MOMENT,
    /** A run sees only what was last written from outside, as with packed kernels that are not made again. */
    STALE_PARAMETERS
  }

  private static final int LATE = 4;

  private final Fault fault;
  private final double factor;
  private long step;

  private FaultyDevice(Fault fault, double factor) {
    this.fault = fault;
    this.factor = factor;
  }

  static Device of(Device device, Fault fault, double factor) {
    return new FaultyDevice(fault, factor).device(device);
  }

  private Device device(Device device) {
    return proxy(Device.class, device, (_, method, arguments) -> switch (method.getName()) {
      case "load" -> {
        var real = (ParameterBank) call(device, method, arguments);
        yield proxy(ParameterBank.class, real,
            new Bank(this, real, new HashMap<>(((Weights) arguments[1]).tensors())));
      }
      case "compile" -> {
        var bank = (Bank) Proxy.getInvocationHandler(arguments[1]);
        yield executable(device.compile((Plan) arguments[0], bank.real), bank);
      }
      default -> call(device, method, arguments);
    });
  }

  /** @param written what each parameter was last set to from outside */
  private record Bank(FaultyDevice faulty, ParameterBank real, Map<String, Tensor> written)
      implements InvocationHandler {
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
      Object result = call(real, method, arguments);
      if (method.getName().equals("write")) {
        written.put((String) arguments[0], (Tensor) arguments[1]);
      }
      boolean wrong = switch (faulty.fault) {
        case LEARNING_RATE, STALE_PARAMETERS -> false;
        case GRADIENTS -> method.getName().equals("readGradient");
        case LATE_GRADIENTS -> method.getName().equals("readGradient") && faulty.step >= LATE;
        case SECOND_MOMENT -> method.getName().equals("readSlot") && (int) arguments[0] == 1;
      };
      return wrong ? faulty.scaled((Tensor) result) : result;
    }
  }

  private Executable executable(Executable executable, Bank bank) {
    boolean updates = executable.plan().steps().stream().anyMatch(each -> each instanceof Step.Update);
    return proxy(Executable.class, executable, (_, method, arguments) -> {
      if (!method.getName().equals("run")) {
        return call(executable, method, arguments);
      }
      var state = (RunState) arguments[1];
      step = state.step();
      if (fault == Fault.LEARNING_RATE) {
        arguments[1] = new RunState(state.seed(), state.stage(), state.step(), state.learningRate() * factor);
      }
      if (fault != Fault.STALE_PARAMETERS || updates) {
        return call(executable, method, arguments);
      }
      Map<String, Tensor> now = bank.real.snapshot().tensors();
      bank.written.forEach(bank.real::write);
      call(executable, method, arguments);
      now.forEach(bank.real::write);
      return null;
    });
  }

  private Tensor scaled(Tensor tensor) {
    return Tensor.of(tensor.shape(), Arrays.stream(tensor.doubles()).map(x -> x * factor).toArray());
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, T target, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(target.getClass().getClassLoader(), new Class<?>[] {type}, handler));
  }
}
