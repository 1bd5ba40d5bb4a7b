package dev.lentil.ham10000.demo;

import dev.lentil.ham10000.data.Diagnosis;
import java.util.Map;

/**
 * What each of HAM10000's seven diagnoses looks like here: how often each structure is seen, and how atypical lesions
 * are. Benign and malignant lie further apart than on real skin, so that a small network can learn the difference in a
 * minute from small pictures. Colour in the mean is no cue at all.
 */
enum DiagnosisStyle {
  NV(Diagnosis.NV, 0.660, 0.20,
      Map.of(Structure.NETWORK, 0.55, Structure.GLOBULES, 0.35, Structure.STREAKS, 0.04, Structure.VEIL, 0.03,
          Structure.DOTTED_VESSELS, 0.05, Structure.CYSTS, 0.05)),
  BKL(Diagnosis.BKL, 0.105, 0.24,
      Map.of(Structure.CYSTS, 0.85, Structure.NETWORK, 0.20, Structure.SCALE, 0.15, Structure.GLOBULES, 0.10,
          Structure.NESTS, 0.05)),
  DF(Diagnosis.DF, 0.017, 0.18, Map.of(Structure.SCAR, 0.95, Structure.NETWORK, 0.80, Structure.DOTTED_VESSELS, 0.10)),
  VASC(Diagnosis.VASC, 0.018, 0.18, Map.of(Structure.LACUNAE, 1.0, Structure.VEIL, 0.10)),
  MEL(Diagnosis.MEL, 0.115, 0.84,
      Map.of(Structure.NETWORK, 0.60, Structure.GLOBULES, 0.50, Structure.STREAKS, 0.65, Structure.VEIL, 0.55,
          Structure.DOTTED_VESSELS, 0.20, Structure.SCAR, 0.08)),
  BCC(Diagnosis.BCC, 0.055, 0.76,
      Map.of(Structure.BRANCHED_VESSELS, 0.80, Structure.NESTS, 0.65, Structure.VEIL, 0.15, Structure.SCALE, 0.15,
          Structure.GLOBULES, 0.10)),
  AKIEC(Diagnosis.AKIEC, 0.030, 0.78,
      Map.of(Structure.SCALE, 0.85, Structure.DOTTED_VESSELS, 0.75, Structure.GLOBULES, 0.15,
          Structure.BRANCHED_VESSELS, 0.10));

  private final Diagnosis diagnosis;
  private final double share;
  private final double atypia;
  private final Map<Structure, Double> chances;

  DiagnosisStyle(Diagnosis diagnosis, double share, double atypia, Map<Structure, Double> chances) {
    this.diagnosis = diagnosis;
    this.share = share;
    this.atypia = atypia;
    this.chances = chances;
  }

  Diagnosis diagnosis() {
    return diagnosis;
  }

  /**
   * The share of all lesions, rounded from HAM10000's with the malignant ones raised to a fifth, so that a small test
   * set has enough.
   */
  double share() {
    return share;
  }

  /** Mean of the hidden degree of irregularity, 0 plain to 1 wild. */
  double atypia() {
    return atypia;
  }

  double chance(Structure structure) {
    return chances.getOrDefault(structure, 0.0);
  }
}
