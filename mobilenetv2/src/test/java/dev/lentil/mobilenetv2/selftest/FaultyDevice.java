package dev.lentil.mobilenetv2.selftest;

import dev.lentil.backend.Device;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.plan.Plan;
import dev.lentil.tensor.Tensor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/** A device that calculates as another one, but for one fault. */
final class FaultyDevice {
  /** What is wrong, and by what factor. */
  enum Fault { LEARNING_RATE, GRADIENTS, SECOND_MOMENT }

  private final Fault fault;
  private final double factor;

  private FaultyDevice(Fault fault, double factor) {
    this.fault = fault;
    this.factor = factor;
  }

  static Device of(Device device, Fault fault, double factor) {
    return new FaultyDevice(fault, factor).device(device);
  }

  private Device device(Device device) {
    return proxy(Device.class, device, (_, method, arguments) -> switch (method.getName()) {
      case "load" -> bank((ParameterBank) call(device, method, arguments));
      case "compile" -> executable(device.compile((Plan) arguments[0],
          ((Bank) Proxy.getInvocationHandler(arguments[1])).real));
      default -> call(device, method, arguments);
    });
  }

  private record Bank(FaultyDevice faulty, ParameterBank real) implements InvocationHandler {
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
      Object result = call(real, method, arguments);
      boolean wrong = switch (faulty.fault) {
        case LEARNING_RATE -> false;
        case GRADIENTS -> method.getName().equals("readGradient");
        case SECOND_MOMENT -> method.getName().equals("readSlot") && (int) arguments[0] == 1;
      };
      return wrong ? faulty.scaled((Tensor) result) : result;
    }
  }

  private ParameterBank bank(ParameterBank bank) {
    return proxy(ParameterBank.class, bank, new Bank(this, bank));
  }

  private Executable executable(Executable executable) {
    return proxy(Executable.class, executable, (_, method, arguments) -> {
      if (fault == Fault.LEARNING_RATE && method.getName().equals("run")) {
        var state = (RunState) arguments[1];
        arguments[1] = new RunState(state.seed(), state.stage(), state.step(), state.learningRate() * factor);
      }
      return call(executable, method, arguments);
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
