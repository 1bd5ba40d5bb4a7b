/** MobileNetV2 at any width, resolution and class count: the architecture, its weight files, a classifier of images, explanations. */
// "module" would warn of the digit
@SuppressWarnings("module") module dev.lentil.mobilenetv2 {
  requires transitive dev.lentil.engine;

  exports dev.lentil.mobilenetv2;
  exports dev.lentil.mobilenetv2.image;
  exports dev.lentil.mobilenetv2.selftest;
}
