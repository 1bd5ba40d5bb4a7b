package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.train.Measurements;
import dev.lentil.ham10000.train.TrainingConfig;
import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.nn.Initializer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xml.sax.InputSource;

class ExplainCommandTest {
  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path photo;

  @BeforeEach
  void photograph() throws IOException {
    var image = new BufferedImage(80, 70, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 80 * 70; i++) {
      image.setRGB(i % 80, i / 80, (i * 2654435) & 0xFFFFFF);
    }
    photo = folder.resolve("photo.png");
    ImageIO.write(image, "png", photo.toFile());
  }

  private Path weights(Head head, Map<String, String> notes) {
    var architecture = MobileNetV2.keras(0.35, 64, 64, head);
    Path file = folder.resolve("weights.safetensors");
    ModelFile.write(file, new Model(architecture, InputScaling.MINUS_ONE_TO_ONE,
        Initializer.weights(architecture.network(), 3), notes));
    return file;
  }

  private int explain(Object... args) {
    return run(Stream.concat(Stream.of("explain"), Stream.of(args).map(Object::toString)).toList());
  }

  private int run(List<String> args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
  }

  @Test
  void writesAPictureAndTheNumbersOfEachMethod() throws IOException {
    Path weights = weights(new Head.Classifier(5), Map.of());
    var own = Map.of("grad-cam", List.of("--layer", "block_5_add"), "occlusion", List.of("--stride", "3"), "features",
        List.of("--layer", "block_5_add", "--channels", "3"));
    for (var expected : List.of(List.of("grad-cam", "grad-cam-block_5_add", 8, 8),
        List.of("occlusion", "occlusion", 64, 64), List.of("features", "features-block_5_add", 8, 8))) {
      assertEquals(0,
          explain(Stream
              .concat(Stream.of("--weights", weights, photo, "--out", folder.resolve("maps"), "--json", "--method",
                  expected.get(0)), own.get(expected.get(0)).stream())
              .toArray()),
          err.toString());
      var document = (Map<?, ?>) Json.parse(out.toString());
      assertEquals(Disclaimer.TEXT, document.get("disclaimer"));
      var entry = (Map<?, ?>) ((List<?>) document.get("explanations")).getFirst();
      assertEquals(expected.get(1), entry.get("method"));
      var maps = (List<?>) entry.get("maps");
      assertEquals(expected.get(0).equals("features") ? 3 : 1, maps.size());
      var rows = (List<?>) maps.getFirst();
      assertEquals(expected.get(2), rows.size());
      assertEquals(expected.get(3), ((List<?>) rows.getFirst()).size());
      Path picture = Path.of((String) entry.get("picture"));
      assertEquals(folder.resolve("maps/photo." + expected.get(1) + ".png"), picture);
      assertTrue(ImageIO.read(picture.toFile()).getWidth() > 300);
      List<String> csv = Files.readAllLines(Path.of((String) entry.get("numbers")));
      assertEquals((int) expected.get(2) * maps.size(), csv.size());
      var first = csv.getFirst().split(",");
      assertEquals((int) expected.get(3) + (maps.size() == 1 ? 0 : 1), first.length);
      assertEquals(((Number) ((List<?>) rows.getFirst()).getLast()).floatValue(),
          Float.parseFloat(first[first.length - 1]));
    }
  }

  /** The page is one file, and its numbers are a chain: what a sum follows is the value of the line before. */
  @ParameterizedTest
  @CsvSource({"malignant", "benign"})
  void theWayFromAPixelToTheAnswer(String answer) throws Exception {
    Path weights = weights(new Head.Transfer(1, 0.3), Map.of("task", "binary"));
    assertEquals(0,
        explain("--weights", weights, photo, "--out", folder.resolve("maps"), "--method", "path", "--class", answer,
            "--json"),
        err.toString());
    var entry = (Map<?, ?>) ((List<?>) ((Map<?, ?>) Json.parse(out.toString())).get("explanations")).getFirst();
    assertEquals("path", entry.get("method"));
    List<String> csv = Files.readAllLines(Path.of((String) entry.get("numbers")));
    var links = (List<?>) entry.get("links");
    assertEquals(csv.size() - 1, links.size());
    assertEquals("input_1", ((Map<?, ?>) links.getFirst()).get("layer"));
    var last = (Map<?, ?>) links.getLast();
    assertEquals("predictions", last.get("layer"));
    assertEquals(answer.equals("malignant") ? 1 : -1, ((Number) last.get("toward")).intValue());
    double probability = ((Number) entry.get("probability")).doubleValue();
    double odds = Math.exp(((Number) last.get("toward")).intValue() * ((Number) last.get("value")).doubleValue());
    assertEquals(odds / (1 + odds), probability, 1e-6);
    int sums = 0;
    for (int i = 2; i < csv.size(); i++) {
      String[] cells = csv.get(i).split(",", -1);
      if (!cells[6].isEmpty()) {
        sums++;
        String[] before = csv.get(i - 1).split(",", -1);
        assertEquals(before[0], cells[7]);
        assertEquals(before[4], cells[8]);
        assertEquals(Float.parseFloat(cells[8]) * Float.parseFloat(cells[9]), Float.parseFloat(cells[10]), 1e-6);
      }
    }
    String page = Files.readString(Path.of((String) entry.get("page")));
    var document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
        .parse(new InputSource(new StringReader(page)));
    // the pixel, the sums, and what makes a probability of the last
    assertEquals(sums + 2, document.getElementsByTagName("article").getLength());
    assertTrue(page.contains("From a pixel to “" + answer + "”") && page.contains(Disclaimer.TEXT),
        "title, disclaimer");
    String shown = String.format(Locale.ROOT, "%.4f", probability);
    var steps = document.getElementsByTagName("article");
    String sigmoid = steps.item(steps.getLength() - 1).getTextContent();
    assertTrue(sigmoid.matches("(?s).*Sigmoid 1 ÷ \\(1 \\+ e[−0-9.e]+\\) = " + shown + "\\s.*"), sigmoid);
    assertTrue(page.contains("probability of \"" + answer + "\" " + shown)
        || page.contains("probability of &quot;" + answer + "&quot; " + shown), "the same at the top");
    assertTrue(!page.contains("http") && !page.contains("<script"), "nothing is fetched");
  }

  @Test
  void ofSeveralClassesTheWayIsTheLikeliestOnes() throws IOException {
    Path weights = weights(new Head.Transfer(7, 0.3), Map.of("task", "seven-class"));
    assertEquals(0, explain("--weights", weights, photo, "--out", folder.resolve("maps"), "--method", "path"),
        err.toString());
    String page = Files.readString(folder.resolve("maps/photo.path.html"));
    List<String> csv = Files.readAllLines(folder.resolve("maps/photo.path.csv"));
    int channel = Integer.parseInt(csv.getLast().split(",")[3]);
    var malignant = Map.of(0, "akiec", 1, "bcc", 4, "mel");
    assertTrue(page.contains("“malignant” is several classes. This is the path to the most likely of them, <b>"
        + malignant.get(channel) + "</b>"), csv.getLast());
    var last = page.substring(page.lastIndexOf("<article"));
    assertEquals(3, last.split("class=\"followed\"", -1).length - 1, last);
    assertTrue(
        Pattern.compile("Share of the marked ones together</span> [0-9.]+ ÷ [0-9.]+ = <b>([0-9.]+)</b>").matcher(last)
            .results().anyMatch(m -> out.toString().contains("probability of \"malignant\" " + m.group(1))),
        last);
    assertEquals(0,
        explain("--weights", weights, photo, "--out", folder.resolve("maps"), "--method", "path", "--class", "nv"));
    assertTrue(!Files.readString(folder.resolve("maps/photo.nv.path.html")).contains("several classes"),
        "of one class");
  }

  @Test
  void classesByNameNumberAndDefault() {
    Path weights = weights(new Head.Transfer(7, 0.3), Map.of("task", "seven-class"));
    Path maps = folder.resolve("maps");
    for (String asked : List.of("mel", "4", "malignant", "benign")) {
      assertEquals(0, explain("--weights", weights, photo, "--out", maps, "--class", asked), err.toString());
      assertTrue(out.toString().contains("probability of \"" + (asked.equals("4") ? "mel" : asked) + "\""),
          out.toString());
    }
    assertEquals(0, explain("--weights", weights, photo, photo, "--out", maps), err.toString());
    assertTrue(out.toString().contains("probability of \"malignant\""), out.toString());
    assertTrue(Files.exists(maps.resolve("photo.grad-cam-block_12_add-2.png")));
    assertEquals(1, explain("--weights", weights, photo, "--out", maps, "--class", "mell"));
    assertTrue(err.toString().contains("--class mell") && err.toString().contains("'mel'"), err.toString());
    assertEquals(1, explain("--weights", weights, photo, "--out", maps, "--class", "7"));
    assertTrue(err.toString().contains("--class 7: the network has no class of this number; they are 0 to 6"),
        err.toString());
    for (String number : List.of("-1", "99999999999")) {
      assertEquals(1, explain("--weights", weights, photo, "--out", maps, "--class", number));
      assertTrue(err.toString().contains("no class of this number; they are 0 to 6"), err.toString());
    }
  }

  @Test
  void aNetworkOfLesionsTakesNoNamesAndNoFraming() {
    Path weights = weights(new Head.Transfer(7, 0.3), Map.of("task", "seven-class"));
    Path maps = folder.resolve("maps");
    assertEquals(2, explain("--weights", weights, photo, "--out", maps, "--labels", "names.txt"));
    assertTrue(err.toString().contains("--labels is not for a network of lesions"), err.toString());
    assertEquals(2, explain("--weights", weights, photo, "--out", maps, "--framing", "centre-crop"));
    assertFalse(Files.exists(maps));
  }

  @Test
  void aClassThatIsAskedForHasFilesOfItsOwn() throws IOException {
    Path weights = weights(new Head.Classifier(3), Map.of());
    Path labels = Files.writeString(folder.resolve("names.txt"), "cat\ngolden retriever\n?\n");
    for (String asked : List.of("cat", "golden retriever", "2")) {
      assertEquals(0,
          explain("--weights", weights, photo, "--out", folder.resolve("maps"), "--labels", labels, "--class", asked));
    }
    for (String name : List.of("cat", "golden-retriever", "class")) {
      String method = ".grad-cam-block_12_add";
      assertTrue(Files.exists(folder.resolve("maps/photo." + name + method + ".png")), name);
      assertTrue(Files.exists(folder.resolve("maps/photo." + name + method + ".csv")), name);
    }
  }

  @Test
  void aBrokenPhotographKeepsNoneOfTheOthersFromBeingShown() throws IOException {
    Path weights = weights(new Head.Transfer(1, 0.3), Map.of("task", "binary"));
    Path broken = Files.writeString(folder.resolve("broken.jpg"), "no picture");
    Path absent = folder.resolve("absent.jpg");
    Path maps = folder.resolve("maps");
    for (var command : List.of(List.of("classify", "--weights", weights), List.of("predict", "--weights", weights),
        List.of("explain", "--weights", weights, "--out", maps))) {
      var args =
          Stream.concat(command.stream(), Stream.of(absent, photo, broken, photo)).map(Object::toString).toList();
      assertEquals(1, run(args), command.toString());
      assertEquals(2, out.toString().lines().filter(line -> line.startsWith(photo.toString())).count(), out.toString());
      assertEquals(List.of("error: " + absent, "error: " + broken),
          err.toString().lines().map(line -> line.substring(0, line.indexOf(": ", 7))).toList());
      assertEquals(1, run(Stream.concat(args.stream(), Stream.of("--json")).toList()));
      var json = Json.parse(out.toString());
      var entries = (List<?>) (json instanceof Map<?, ?> document
          ? document.get(command.getFirst().equals("predict") ? "predictions" : "explanations")
          : json);
      assertEquals(List.of(true, false, true, false),
          entries.stream().map(entry -> ((Map<?, ?>) entry).containsKey("error")).toList());
      assertEquals(broken.toString(), ((Map<?, ?>) entries.get(2)).get("file"));
    }
  }

  @ParameterizedTest
  @CsvSource({"threshold,abc,is no probability; write a number from 0 to 1",
      "threshold,2,is no probability; write a number from 0 to 1", "threshold,NaN,is no probability",
      "task,dog,is unknown; use binary or seven-class"})
  void aWeightFileWhoseNotesCannotBeUsedIsNamed(String key, String value, String remedy) {
    var notes = new HashMap<>(Map.of("task", "binary"));
    notes.put(key, value);
    Path weights = weights(new Head.Transfer(1, 0.3), notes);
    for (var args : List.of(List.of("explain", photo, "--weights", weights, "--out", folder.resolve("maps")),
        List.of("predict", photo, "--weights", weights))) {
      assertEquals(1, run(args.stream().map(Object::toString).toList()), args.toString());
      assertTrue(err.toString().startsWith("error: " + weights + ", metadata: " + key + " '" + value + "' " + remedy),
          err.toString());
    }
  }

  @Test
  void theNetworkIsNamedAsForPredict() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(run.resolve("config.properties"), TrainingConfig.defaults().file());
    Files.writeString(run.resolve(Measurements.FILE_NAME), "{}");
    Path weights = weights(new Head.Transfer(1, 0.3), Map.of("task", "binary"));
    for (var command : List.of(List.of("predict", photo), List.of("explain", photo, "--out", folder.resolve("maps")))) {
      var args = command.stream().map(Object::toString).toList();
      assertEquals(2, run(args), out.toString());
      assertTrue(err.toString().contains("(--run=FOLDER | --weights=FILE)"), err.toString());
      var ofRun = Stream.concat(args.stream(), Stream.of("--run", run.toString())).toList();
      assertEquals(2, run(Stream.concat(ofRun.stream(), Stream.of("--weights", weights.toString())).toList()));
      assertEquals(1, run(ofRun));
      assertTrue(err.toString().startsWith("error: " + run + ": the run has no trained weights yet"), err.toString());
      Path best = Files.copy(weights, run.resolve("best.safetensors"));
      assertEquals(0, run(ofRun), err.toString());
      String said = out.toString();
      assertEquals(0, run(Stream.concat(args.stream(), Stream.of("--weights", weights.toString())).toList()));
      assertEquals(said, out.toString());
      Files.delete(best);
    }
  }

  @Test
  void featuresAreThoseOfALayerThatCanBeReadUnlessOneIsNamed() {
    Path weights = weights(new Head.Classifier(5), Map.of());
    assertEquals(0, explain("--weights", weights, photo, "--out", folder.resolve("maps"), "--method", "features"),
        err.toString());
    assertTrue(Files.exists(folder.resolve("maps/photo.features-Conv1_relu.png")), out.toString());
  }

  @Test
  void whatCannotBeIsSaidWithARemedy() {
    Path weights = weights(new Head.Classifier(5), Map.of());
    Path maps = folder.resolve("maps");
    assertEquals(1, explain("--weights", weights, photo, "--out", maps, "--layer", "block_5_ad"));
    assertTrue(err.toString().contains("--layer: the network has no layer 'block_5_ad'; the names most like it are "
        + "'block_5_add'"), err.toString());
    assertEquals(1, explain("--weights", weights, photo, "--out", maps, "--layer", "predictions"));
    assertTrue(err.toString().contains("without positions") && err.toString().contains("out_relu"), err.toString());
    assertEquals(2, explain("--weights", weights, photo, "--out", maps, "--method", "occlusion", "--patch", "64"));
    assertTrue(err.toString().contains("--patch is 64, but must be 1 to 63"), err.toString());
    assertEquals(2,
        explain("--weights", weights, photo, "--out", maps, "--method", "occlusion", "--patch", "8", "--stride", "9"));
    assertTrue(err.toString().contains("--stride is 9"), err.toString());
    assertEquals(2, explain("--weights", weights, photo, "--out", maps, "--method", "occlusion", "--fill", "pink"));
    assertTrue(err.toString().contains("--fill pink"), err.toString());
    assertEquals(2, explain("--weights", weights, photo, "--out", maps, "--method", "occlusion", "--patch", "0"));
    assertEquals(2, explain("--weights", weights, photo, "--out", maps, "--method", "features", "--channels", "0"));
    assertEquals(2, explain("--weights", weights, photo, "--out", maps, "--device", "cuda:x"));
    assertEquals(2, explain("--weights", weights, photo, "--out", maps, "--method", "lime"));
    assertEquals(2, explain("--weights", weights, photo, "--out", maps, "--method", "path", "--layer", "block_5_add"));
    assertTrue(err.toString().contains("--layer is not for --method path, but for grad-cam and features"),
        err.toString());
    assertEquals(2, explain("--weights", weights, photo, "--out", maps, "--patch", "8"));
    assertTrue(err.toString().contains("--patch is not for --method grad-cam, but for occlusion"), err.toString());
    assertEquals(1, explain("--weights", weights, photo, "--out", photo));
    assertTrue(err.toString().contains(photo + ": the folder cannot be made (" + photo
        + " is there already and is no folder); choose another with --out"), err.toString());
    assertEquals(1, explain("--weights", weights(new Head.Features(), Map.of()), photo, "--out", maps));
    assertTrue(err.toString().contains("no classes"), err.toString());
  }
}
