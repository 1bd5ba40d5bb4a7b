package dev.lentil.bench.contender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.image.ImageDecoder;
import org.junit.jupiter.api.Test;

class DrawnPhotoTest {
  @Test
  void itIsAColourPhotographOfTheDataSetsSize() {
    var image = ImageDecoder.decodeDermatoscopic(DrawnPhoto.jpeg(), "drawn.jpg");
    assertEquals(600, image.width());
    assertEquals(450, image.height());
    int middle = image.rgb()[3 * (225 * 600 + 300)] & 0xFF;
    int corner = image.rgb()[0] & 0xFF;
    assertTrue(middle + 40 < corner, "the spot is darker: " + middle + ", around it " + corner);
  }
}
