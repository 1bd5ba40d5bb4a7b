package dev.lentil.ham10000.report;

import dev.lentil.ham10000.Disclaimer;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.geom.Rectangle2D;
import java.io.StringWriter;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.jfree.chart.JFreeChart;
import org.w3c.dom.Element;

/** Turns a chart into an {@code <svg>} element for an HTML page. One instance per page: it keeps the ids apart. */
final class SvgImage {
  private static final String SVG = "http://www.w3.org/2000/svg";

  private static final Pattern VIEW_BOX = Pattern.compile("viewBox=\"0 0 (\\d+) (\\d+)\"");
  /** Units that a line of text below a chart takes. */
  private static final int LINE = 16;

  private final SVGIDGenerator ids = new SVGIDGenerator();

  /**
   * The chart in a box of {@code width} by {@code height} units; the page scales it.
   *
   * @throws Fonts.MissingException if there is no font
   */
  String of(JFreeChart chart, String description, int width, int height) {
    return Fonts.draw(() -> drawn(chart, description, width, height));
  }

  /** The same as a file of its own, with the disclaimer that the page has for all its charts below it. */
  static String alone(String svg) {
    var box = VIEW_BOX.matcher(svg);
    if (!box.find()) {
      throw new IllegalArgumentException("this is no chart");
    }
    int height = Integer.parseInt(box.group(2));
    return box.replaceFirst("viewBox=\"0 0 " + box.group(1) + " " + (height + LINE) + "\"").replaceFirst("</svg>$",
        "<text x=\"8\" y=\"" + (height + LINE - 5)
            + "\" font-family=\"sans-serif\" font-size=\"10px\" fill=\"#777\" stroke=\"none\">"
            + Disclaimer.TEXT + "</text></svg>");
  }

  private String drawn(JFreeChart chart, String description, int width, int height) {
    try {
      var documents = DocumentBuilderFactory.newInstance();
      documents.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      var document = documents.newDocumentBuilder().getDOMImplementation().createDocument(SVG, "svg", null);
      var context = SVGGeneratorContext.createDefault(document);
      context.setIDGenerator(ids);
      context.setComment("");
      context.setPrecision(2);
      var graphics = new SVGGraphics2D(context, false);
      graphics.setSVGCanvasSize(new Dimension(width, height));
      chart.draw(graphics, new Rectangle2D.Double(0, 0, width, height));
      var root = graphics.getRoot();
      root.removeAttribute("width");
      root.removeAttribute("height");
      root.setAttribute("viewBox", "0 0 " + width + " " + height);
      root.setAttribute("role", "img");
      root.setAttribute("aria-label", description);
      dropGenericDefinitions(root);
      fixTextWidths(root, 12, Font.PLAIN);
      return text(root);
    } catch (ParserConfigurationException | TransformerException e) {
      throw new IllegalStateException("the JDK's XML library cannot write the chart \"" + description + "\"", e);
    }
  }

  /** Batik gives every image an empty element of the same id; a page of several images must not repeat an id. */
  private static void dropGenericDefinitions(Element root) {
    var definitions = root.getElementsByTagName("defs");
    for (int i = definitions.getLength() - 1; i >= 0; i--) {
      var element = (Element) definitions.item(i);
      if (element.getAttribute("id").equals("genericDefs") && !element.hasChildNodes()) {
        element.getParentNode().removeChild(element);
      }
    }
  }

  /**
   * The labels were placed with the metrics of this machine's font; the reader's may be wider. Stating each label's
   * width keeps them from running into each other.
   */
  private static void fixTextWidths(Element element, int inheritedSize, int inheritedStyle) {
    var stated = element.getAttribute("font-size").replace("px", "");
    int size = stated.isEmpty() ? inheritedSize : Math.round(Float.parseFloat(stated));
    int style = switch (element.getAttribute("font-weight")) {
      case "bold" -> Font.BOLD;
      case "normal" -> Font.PLAIN;
      default -> inheritedStyle;
    };
    if (element.getTagName().equals("text")) {
      var font = new Font(Font.SANS_SERIF, style, size);
      var metrics = new FontRenderContext(null, true, true);
      long width = Math.round(font.getStringBounds(element.getTextContent(), metrics).getWidth());
      element.setAttribute("textLength", Long.toString(width));
      element.setAttribute("lengthAdjust", "spacingAndGlyphs");
    }
    for (var child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element inner) {
        fixTextWidths(inner, size, style);
      }
    }
  }

  private static String text(Element root) throws TransformerException {
    var transformer = TransformerFactory.newInstance().newTransformer();
    transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
    var out = new StringWriter();
    transformer.transform(new DOMSource(root), new StreamResult(out));
    return out.toString();
  }
}
