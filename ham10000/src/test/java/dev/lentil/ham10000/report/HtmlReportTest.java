package dev.lentil.ham10000.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.evaluate.ExamplePredictions;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

@Isolated("one of its tests sets the process's locale")
class HtmlReportTest {
  private static final ReportInput INPUT = ExampleReport.input(ExamplePredictions.binary());
  private static final String PAGE = HtmlReport.render(INPUT);

  @Test
  void hasEveryFigureAndTheBanner() throws Exception {
    var ids = elements(parse(PAGE)).stream().map(e -> e.getAttribute("id")).toList();
    for (var id : List.of("figure-1", "figure-2", "figure-3", "table-1", "table-2", "table-3", "thresholds",
        "averages",
        "roc", "histogram", "precision-recall", "reliability", "decision-curve", "training-loss", "training-accuracy",
        "training-auc")) {
      assertTrue(ids.contains(id), id + " is missing");
    }
    var captions = Pattern.compile("<figcaption>((Figure|Table) [0-9]+)\\. ").matcher(PAGE).results()
        .map(match -> match.group(1)).toList();
    assertEquals(List.of("Figure 1", "Figure 2", "Figure 3", "Table 1", "Table 2", "Table 3", "Figure 4", "Figure 5",
        "Figure 6", "Figure 7", "Figure 8", "Figure 9", "Figure 10", "Figure 11", "Figure 12", "Figure 13"), captions);
    assertEquals(2, PAGE.split(Pattern.quote(Disclaimer.TEXT), -1).length - 1, "banner and footer");
    assertEquals(10, elements(parse(PAGE)).stream().filter(e -> e.getTagName().equals("svg")).count());
  }

  @Test
  void isTheSameInEveryLanguage() {
    var before = Locale.getDefault();
    try {
      for (var language : List.of(Locale.GERMANY, Locale.forLanguageTag("ar-EG-u-nu-arab"))) {
        Locale.setDefault(language);
        assertEquals(PAGE, HtmlReport.render(INPUT), language.toString());
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void onPaperNoTableIsPartedFromItsHeading() throws Exception {
    var tables = elements(parse(PAGE)).stream().filter(e -> e.getAttribute("class").equals("titled")).toList();
    assertEquals(List.of("Metrics with their intervals", "Thresholds for a fixed rate", "Calibration",
        "By diagnosis", "By sex, age and site", "Against the baselines"),
        tables.stream().map(e -> e.getElementsByTagName("h3").item(0).getTextContent()).toList());
    assertTrue(tables.stream().allMatch(e -> e.getElementsByTagName("table").getLength() == 1));
    var print = PAGE.substring(PAGE.indexOf("@media print"), PAGE.indexOf("</style>"));
    for (var rule : List.of("h2, h3, caption, thead, summary, .remark { break-after: avoid; }",
        ".titled { break-inside: avoid; }",
        "thead { display: table-header-group; ")) {
      assertTrue(print.contains(rule), rule);
    }
  }

  @Test
  void needsNothingFromOutside() throws Exception {
    for (var element : elements(parse(PAGE))) {
      assertFalse(Set.of("script", "link", "iframe", "object", "embed", "base").contains(element.getTagName()));
      var attributes = element.getAttributes();
      for (int i = 0; i < attributes.getLength(); i++) {
        var name = attributes.item(i).getNodeName();
        var value = attributes.item(i).getNodeValue();
        assertFalse(name.startsWith("on"), name);
        if (name.startsWith("xmlns")) {
          continue; // names, not addresses
        }
        assertFalse(value.contains("//") && !value.startsWith("data:"), name + "=" + value);
        if (Set.of("src", "href", "xlink:href").contains(name)) {
          assertTrue(value.startsWith("data:image/") || value.startsWith("#"), name + "=" + value);
        }
      }
    }
    var style = PAGE.substring(PAGE.indexOf("<style>"), PAGE.indexOf("</style>"));
    assertFalse(style.contains("url(") || style.contains("@import"));
  }

  @Test
  void idsAreUniqueAndReferencesResolve() throws Exception {
    var ids = elements(parse(PAGE)).stream().map(e -> e.getAttribute("id")).filter(id -> !id.isEmpty()).toList();
    assertEquals(ids.size(), new HashSet<>(ids).size(), "ids of the charts must not clash");
    Pattern.compile("url\\(#([^)]+)\\)").matcher(PAGE).results()
        .forEach(match -> assertTrue(ids.contains(match.group(1)), match.group()));
  }

  @Test
  void hasEverySectionAndALinkToEach() throws Exception {
    var document = parse(PAGE);
    var sections = elements(document).stream().filter(e -> e.getTagName().equals("section") && e.hasAttribute("id"))
        .map(e -> e.getAttribute("id")).toList();
    assertEquals(List.of("method", "results", "cases", "training", "data", "model-card", "data-card", "run"), sections);
    var links = elements(document).stream().filter(e -> e.getTagName().equals("a")).map(e -> e.getAttribute("href"))
        .toList();
    assertEquals(sections.stream().map(id -> "#" + id).toList(), links);
    for (var heading : List.of("Metrics with their intervals", "Thresholds for a fixed rate",
        "Calibration", "By diagnosis", "By sex, age and site", "Against the baselines", "Missed", "False alarms",
        "Model details", "Intended use", "Factors", "Metrics", "Evaluation data", "Training data",
        "Quantitative analyses", "Ethical considerations", "Caveats and recommendations", "Motivation", "Composition",
        "Collection process", "Preprocessing and labelling", "Uses", "Distribution", "Maintenance")) {
      assertTrue(PAGE.contains("<h3>" + heading + "</h3>"), heading + " is missing");
    }
    assertTrue(PAGE.contains("CC BY-NC 4.0"));
    assertTrue(PAGE.contains("Skin tone is not recorded"));
    assertTrue(PAGE.contains("not a medical device"));
  }

  @Test
  void everyPictureSaysWhatItShowsAndEveryColumnHasAHead() throws Exception {
    for (var element : elements(parse(PAGE))) {
      switch (element.getTagName()) {
        case "img" -> assertFalse(element.getAttribute("alt").isBlank());
        case "svg" -> assertFalse(element.getAttribute("aria-label").isBlank());
        case "th" -> assertTrue(element.hasAttribute("scope"));
        case "td" ->
            assertTrue(element.hasAttribute("data-column") || element.getAttribute("class").startsWith("shade"));
        default -> {}
      }
    }
  }

  @Test
  void showsTheNumbers() {
    var evaluation = INPUT.evaluation();
    assertTrue(PAGE.contains(RunTables.interval(evaluation.test().auc())));
    assertTrue(PAGE.contains("optimistic: threshold chosen on the test set"));
    assertTrue(
        PAGE.replaceAll(" role=\"cell\" data-column=\"[^\"]*\"", "")
            .contains("<td>0.8242</td><td>0.1993</td><td>0.9733</td><td>0.6404</td><td>0.3040</td><td>0.6017</td>"));
    assertTrue(
        PAGE.contains("weighted avg     " + Html.number(evaluation.primary().matrix().weighted().precision(), 4)));
    assertTrue(PAGE.contains("mean colour (logistic regression)"));
    assertFalse(PAGE.contains("NaN"));
  }

  @Test
  void textsAreEscaped() throws Exception {
    var hostile = "</title><script>alert('x')</script> & \"{{notes}}\" $1";
    var input = new ReportInput(hostile, hostile, List.of(new ReportInput.MethodStep(hostile, hostile)),
        Map.of(hostile, hostile), Map.of(hostile, hostile), List.of(new ReportInput.DatasetRow(hostile, 1, 2, 3)),
        List.of(new SampleImage(INPUT.samples().getFirst().dataUri(), hostile, true)),
        List.of(new ReportInput.ModelRow(hostile, hostile, hostile, 1, hostile)), List.of(), hostile,
        ExampleReport.evaluation(ExamplePredictions.binary(), hostile), Optional.empty(),
        Optional.of(new CaseGallery(hostile, hostile, List.of(new CaseGallery.Group("group", hostile, hostile,
            List.of(new CaseGallery.Case("case", hostile, 0.5, hostile, hostile, hostile)))))),
        Optional.of(new Card(List.of(new Card.Section(hostile, List.of(hostile))))), Optional.empty(),
        List.of(hostile));
    var document = parse(HtmlReport.render(input));
    assertEquals(0, document.getElementsByTagName("script").getLength());
    assertEquals(hostile, document.getElementsByTagName("title").item(0).getTextContent());
    assertEquals(hostile, document.getElementsByTagName("h1").item(0).getTextContent());
  }

  @Test
  void whatIsAbsentIsLeftOut() throws Exception {
    var bare =
        new ReportInput("Evaluation only", "", INPUT.method(), Map.of(), Map.of(), List.of(), List.of(), List.of(),
            List.of(), "", INPUT.evaluation(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            List.of());
    var page = HtmlReport.render(bare);
    parse(page);
    assertFalse(page.contains("id=\"training\""));
    assertFalse(page.contains("id=\"figure-2\""));
    assertFalse(page.contains("id=\"figure-3\""));
    assertFalse(page.contains("id=\"seven-classes\""));
    assertFalse(page.contains("id=\"cases\""));
    assertFalse(page.contains("id=\"model-card\""));
    assertFalse(page.contains("Sari and Irawan"));
  }

  @Test
  void sevenClasses() throws Exception {
    var page = HtmlReport.render(ExampleReport.input(ExamplePredictions.sevenClass()));
    parse(page);
    assertTrue(page.contains("id=\"seven-classes\""));
    assertTrue(page.contains("<th scope=\"col\">vasc</th>"));
  }

  /** Training measures what its network tells apart, and not malignancy. */
  @Test
  void saysWhatAccuracyAndAucOfTrainingAreOf() {
    assertTrue(PAGE.contains("<figcaption>Figure 12. Accuracy at threshold 0.5.<"));
    assertTrue(PAGE.contains("<figcaption>Figure 13. Area under the ROC curve.<"));
    var page = HtmlReport.render(ExampleReport.input(ExamplePredictions.sevenClass()));
    assertTrue(page.contains("<figcaption>Figure 12. Accuracy: the most probable diagnosis is the right one.<"));
    assertTrue(page.contains(
        "<figcaption>Figure 13. Area under the ROC curve, mean of the seven diagnoses, each against the rest.<"));
  }

  @Test
  void writesThePageAndItsFigures(@TempDir Path folder) throws Exception {
    var file = folder.resolve("run/report.html");
    HtmlReport.write(INPUT, file);
    assertEquals(PAGE, Files.readString(file));
    try (var figures = Files.list(folder.resolve("run/figures"))) {
      assertEquals(
          List.of("averages.svg", "decision-curve.svg", "histogram.svg", "precision-recall.svg", "reliability.svg",
              "roc.svg", "thresholds.svg", "training-accuracy.svg", "training-auc.svg", "training-loss.svg"),
          figures.map(path -> path.getFileName().toString()).sorted().toList());
    }
    for (var name : List.of("roc.svg", "training-loss.svg")) {
      var text = Files.readString(folder.resolve("run/figures").resolve(name));
      assertTrue(text.contains(">" + Disclaimer.TEXT + "</text></svg>"), text);
    }
    assertEquals("svg",
        parse(Files.readString(folder.resolve("run/figures/roc.svg"))).getDocumentElement().getTagName());
  }

  private static Document parse(String page) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(page)));
  }

  private static List<Element> elements(Document document) {
    var all = document.getElementsByTagName("*");
    var elements = new ArrayList<Element>();
    for (int i = 0; i < all.getLength(); i++) {
      elements.add((Element) all.item(i));
    }
    return elements;
  }
}
