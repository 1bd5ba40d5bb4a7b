package dev.lentil.mobilenetv2;

/**
 * The probability that an image shows a class.
 *
 * @param index the class's number, from 0
 */
public record Prediction(int index, float probability) {}
