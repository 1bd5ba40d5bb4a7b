package dev.lentil.testing;

import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceChoice;
import dev.lentil.backend.DeviceOptions;

/** The device that comparisons with other programs run on: {@code cpu}, or what the property {@code lentil.test.device} names. */
public final class DeviceUnderTest {
  private DeviceUnderTest() {}

  public static String name() {
    return System.getProperty("lentil.test.device", "cpu");
  }

  public static Device open() {
    return DeviceChoice.of(name(), DeviceOptions.defaults()).open();
  }
}
