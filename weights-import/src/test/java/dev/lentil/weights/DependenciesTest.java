package dev.lentil.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** What comes to an application that depends on this module. */
class DependenciesTest {
  /** The interface that jHDF logs by, in the parent's version; where logs go is the application's choice. */
  @Test
  void noProviderOfLoggingIsPassedOn() throws Exception {
    var pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(Path.of("pom.xml").toFile());
    var dependencies = pom.getElementsByTagName("dependency");
    var passedOn = new ArrayList<String>();
    for (int i = 0; i < dependencies.getLength(); i++) {
      var dependency = (Element) dependencies.item(i);
      var scope = dependency.getElementsByTagName("scope");
      if (text(dependency, "groupId").equals("org.slf4j")
          && (scope.getLength() == 0 || !scope.item(0).getTextContent().equals("test"))) {
        passedOn.add(text(dependency, "artifactId"));
      }
    }
    assertEquals(List.of("slf4j-api"), passedOn);
  }

  private static String text(Element dependency, String tag) {
    return dependency.getElementsByTagName(tag).item(0).getTextContent();
  }
}
