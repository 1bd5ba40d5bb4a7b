package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.results.ResultsCollector;
import dev.lentil.ham10000.results.ResultsPage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lentil results}: the page of results. */
@Command(
    name = "results",
    description = {
        "Write the page of results and its figures from the runs that are kept in the folder of results; the same bytes"
            + " each time.",
        "With --add first keep more there: finished runs of recipes, ensembles made with --views, folders of ablations,"
            + " with the log of looks at the test images beside them, and without any path of this machine.",
        "Of predictions only the probabilities are kept: the lesion and the diagnosis of each image are read from the metadata"
            + " in --data."},
    footer = {
        "",
        "Examples:",
        "  ./lentil results --data ~/ham10000",
        "  ./lentil results --add runs/best/seed-1 runs/best/ensemble runs/ablations"
    })
final class ResultsCommand implements Callable<Integer> {
  @Mixin
  private Output output;

  @Mixin
  private MetadataOptions data;

  @Option(names = "--add", paramLabel = "FOLDER", arity = "1..*",
      description = "What else to keep. A run comes again when it has looked at the test images since.")
  private List<Path> added = List.of();

  @Option(names = "--folder", paramLabel = "FOLDER", description = "Folder of results. Default: ham10000/results.")
  private Path folder = Path.of("ham10000", "results");

  @Option(names = "--page", paramLabel = "FILE", description = "The page to write. Default: docs/results.md.")
  private Path page = Path.of("docs", "results.md");

  @Override
  public Integer call() {
    Metadata metadata = data.metadata();
    var names = added.isEmpty() ? List.<String>of() : ResultsCollector.add(folder, added, metadata);
    ResultsPage.of(folder, ResultsPage.name(page), metadata).write(page);
    var document = new LinkedHashMap<String, Object>();
    document.put("added", names);
    document.put("folder", folder.toString());
    document.put("page", page.toString());
    output.show(document,
        () -> (names.isEmpty() ? "" : "Added " + String.join(", ", names) + " to " + folder + "\n") + "Wrote " + page);
    return ExitCode.OK;
  }
}
