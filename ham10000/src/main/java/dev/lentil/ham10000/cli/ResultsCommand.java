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
        "Write the results page and its figures from the runs in the results folder, with the same bytes each time.",
        "--add first copies more into that folder: finished runs of recipes, ensembles made with --views, and folders of"
            + " ablations, with the log of looks at the test images beside them, but without any path of this machine.",
        "Only the probabilities of predictions are kept. The lesion and the diagnosis of each image are read from the metadata"
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
      description = "What to add. Add a run again if it has looked at the test images since.")
  private List<Path> added = List.of();

  @Option(names = "--folder", paramLabel = "FOLDER", description = "The results folder. Default: ham10000/results.")
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
