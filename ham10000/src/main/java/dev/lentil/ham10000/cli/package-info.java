/**
 * The command line: {@link dev.lentil.ham10000.cli.Main} and one class per subcommand.
 *
 * <p>A command is a class annotated with {@link picocli.CommandLine.Command} that implements {@code Callable<Integer>}
 * (the exit code), holds {@code @Mixin Output output} and shows its result with it, plus one line in {@link
 * dev.lentil.ham10000.cli.Commands}.
 */
package dev.lentil.ham10000.cli;
