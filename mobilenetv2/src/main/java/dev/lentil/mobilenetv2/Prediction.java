package dev.lentil.mobilenetv2;

/**
 * How likely an image is of a class.
 *
 * @param index the class's number, from 0
 */
public record Prediction(int index, float probability) {}
