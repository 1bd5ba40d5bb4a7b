/**
 * Targets for Jazzer, a fuzzer that looks for inputs by the code they reach: one for each reader. Anything but a {@link
 * dev.lentil.weights.store.WeightFileException} is a finding. To run one for a minute:
 *
 * <pre>
 * mvn test -Pfuzz -pl weights-import -am -DskipTests -Dfuzz.target=OnnxFuzz -Dfuzz.seconds=60
 * </pre>
 */
package dev.lentil.weights.fuzz;
