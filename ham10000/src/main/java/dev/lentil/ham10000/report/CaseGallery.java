package dev.lentil.ham10000.report;

import java.util.List;

/**
 * Test images to look at, with maps of what the network's answer rests on.
 *
 * @param remark how the maps were made
 * @param legend a bar of the maps' colours as a data URI, from "against malignant" to "for malignant"
 */
public record CaseGallery(String remark, String legend, List<Group> groups) {
  public CaseGallery {
    groups = List.copyOf(groups);
  }

  /** Images of one kind, such as the malignant ones that were missed; the most extreme first. */
  public record Group(String id, String title, String remark, List<Case> cases) {
    public Group {
      cases = List.copyOf(cases);
    }
  }

  /**
   * One image. Pictures are {@link SampleImage#dataUri(byte[], String) data URIs}.
   *
   * @param name the image_id
   * @param diagnosis the truth, such as "mel, melanoma"
   * @param probability of malignancy that the network gave
   * @param image as the network saw it
   * @param gradCam the first map over it
   * @param occlusion the second map over it
   */
  public record Case(String name, String diagnosis, double probability, String image, String gradCam,
      String occlusion) {}

  /** As HTML. */
  String html() {
    return """
        <p>%s</p>
        <p class="legend"><span>against malignant</span><img src="%s" alt="Colours from blue over white to red" \
        /><span>for malignant</span></p>
        %s""".formatted(Html.escape(remark), Html.escape(legend), Html.lines(groups, CaseGallery::html));
  }

  private static String html(Group group) {
    return """
        <h3>%s</h3>
        <p class="remark">%s</p>
        <div class="cases">
        %s
        </div>""".formatted(Html.escape(group.title), Html.escape(group.remark),
        group.cases.isEmpty()
            ? "<p>None.</p>"
            : Html.lines(group.cases, shown -> html(group, shown)));
  }

  private static String html(Group group, Case shown) {
    var what = shown.diagnosis + ", probability of malignancy " + Html.number(shown.probability, 3);
    return Html.figure(group.id + "-" + shown.name, shown.name + ": " + what, "<div class=\"maps\">"
        + picture(shown.image, "image", shown.name + " as the network saw it: " + what)
        + picture(shown.gradCam, "Grad-CAM", "Grad-CAM map of " + shown.name)
        + picture(shown.occlusion, "occlusion", "Occlusion map of " + shown.name) + "</div>");
  }

  private static String picture(String uri, String title, String alternative) {
    return "<div><img src=\"" + Html.escape(uri) + "\" alt=\"" + Html.escape(alternative) + "\" /><span>" + title
        + "</span></div>";
  }
}
