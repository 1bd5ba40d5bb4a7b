package dev.lentil.ham10000.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.download.Checksum;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTest {
  @Test
  void thePapersSplit() {
    var split = Split.of(realMetadata(), Task.BINARY, Split.PAPER_SEED);
    assertArrayEquals(new int[] {5700, 1361}, split.counts(Split.Subset.TRAIN));
    assertArrayEquals(new int[] {1162, 307}, split.counts(Split.Subset.VALIDATION));
    assertArrayEquals(new int[] {1199, 286}, split.counts(Split.Subset.TEST));
    assertEquals(5228, split.lesions(Split.Subset.TRAIN));
    assertEquals(1121, split.lesions(Split.Subset.VALIDATION));
    assertEquals(1121, split.lesions(Split.Subset.TEST));
    assertEquals("9977d2792bff1e539825269628f43a057e668223128667fbac409e2278146443", split.sha256(Split.Subset.TRAIN));
    assertEquals("097916ffdd170975c9e34855ed0e2d743dbb8ea483007cae0b09c6d31b381018",
        split.sha256(Split.Subset.VALIDATION));
    assertEquals("942694e25ae4a09960ff2723577d15c12774226d1964e4cfe95f7cf0b9e36738", split.sha256(Split.Subset.TEST));
    var weights = split.classWeights();
    System.out.println("class weights " + weights[0] + " " + weights[1]);
    assertEquals(0.6193859649122807, weights[0], 1e-12);
    assertEquals(2.5940484937545922, weights[1], 1e-12);
  }

  @Test
  void theSubsetsDoNotDependOnTheTask() {
    var metadata = madeUp(331, i -> (i * i * i + i) % 23 % 7);
    var binary = Split.of(metadata, Task.BINARY, 42);
    var seven = Split.of(metadata, Task.SEVEN_CLASS, 42);
    assertEquals(subsets(binary), subsets(seven));
    assertEquals(Task.SEVEN_CLASS, seven.task());
    seven.members().forEach(member -> assertEquals(member.row().diagnosis().ordinal(), member.label()));
    assertEquals(binary.members(), seven.labelled(Task.BINARY).members());
  }

  private static List<Split.Subset> subsets(Split split) {
    return split.members().stream().map(Split.Member::subset).toList();
  }

  /** By scikit-learn 1.9.1 on the same lesions. */
  @Test
  void stratifiedBySevenClasses() {
    var metadata = realMetadata();
    var split = Split.stratifiedBy(Task.SEVEN_CLASS, metadata, 42);
    assertEquals("f037bf397cae2c6f4d6382b4f90a48fbe647b63f70526a386a497eaa6b041e6d", split.sha256(Split.Subset.TRAIN));
    assertEquals("32e03bc4275c8e12e6d73afaab1b4e83cf79ec407af8e0361cb857fa360a15e6",
        split.sha256(Split.Subset.VALIDATION));
    assertEquals("951c80ed9d590751c033a0dce978ccef395a53b0de8c2ca98f10309fa3af9fca", split.sha256(Split.Subset.TEST));
    assertEquals("0b5ca4cce5e34c60ef2b85e178a3d772733272c882b3e84c93aa4303a61b3813",
        Split.stratifiedBy(Task.SEVEN_CLASS, metadata, 7).sha256(Split.Subset.TEST));
    var weights = split.classWeights();
    var counts = split.counts(Split.Subset.TRAIN);
    double sum = 0;
    for (int c = 0; c < 7; c++) {
      sum += weights[c] * counts[c];
    }
    assertEquals(split.of(Split.Subset.TRAIN).size(), sum, 1e-9);
  }

  /** The first 16 digits of each subset's checksum, by scikit-learn 1.9.1 on the same made-up lesions. Rows with 200 lesions hold ties. */
  @ParameterizedTest
  @CsvSource({
      "200,7,binary,0,5d66bf332e06984c,092ec872b3ee22fa,eb2636de8555b65a",
      "200,7,binary,42,69a10ec5124d69b5,b7ffe6c3d3a8fa31,dcd0f231f6389f39",
      "200,7,binary,123456789,dfdf7d76d1c25368,f546ce3c7f527d7e,c6905a517e86d298",
      "200,7,seven-class,0,1db029e0b46fd697,7b0238b5b890839b,5d9c37d0a9f408da",
      "200,7,seven-class,42,cd3b2b81466d2af6,eaa660da0acb692c,dc4dcb51aae5678b",
      "200,7,seven-class,123456789,c60d5b8e804a4ed1,f8bba30366991f5b,42e74ae4dd642674",
      "331,11,binary,0,e894618ab73a7a5a,e54e2223027d8e00,a6e789d9505bd15c",
      "1000,13,binary,42,607c4d87f947f7e8,a48690232a50c024,1f2e2ede408817a0",
      "1000,13,binary,123456789,9d013f415a750cb4,d7c05d214f994c68,ad309ae6bb5c844b"
  })
  void agreesWithScikitLearn(int lesions, int modulus, String task, long seed, String train, String validation,
      String test) {
    assertSplit(madeUp(lesions, i -> (i * i * 7 + i * 3) % modulus % 7), task, seed, train, validation, test);
  }

  /** The same with unequal classes (bcc 115, akiec 87, bkl 71, df 15, nv 15, mel 14, vasc 14 lesions). */
  @ParameterizedTest
  @CsvSource({
      "331,23,binary,42,1a5bca2cbf8239da,0cdbd0ea8f7b6864,7dbd9bd58a888486",
      "331,23,seven-class,0,85471f5cb24bc85c,26e659ec98fa894b,141efe2c6c588179",
      "331,23,seven-class,42,e50859b996606dbf,64c0ca47ac0a9386,6088c7df74f78073",
      "331,23,seven-class,123456789,c7e959fbba2bf0ed,f60ca04a2405e9f1,45aff65e7f84502e",
      "977,29,binary,0,8eb0b1727f4360d9,e8671863a79fa081,c7f1ae4ffea1d323"
  })
  void agreesWithScikitLearnOnUnequalClasses(int lesions, int modulus, String task, long seed, String train,
      String validation,
      String test) {
    assertSplit(madeUp(lesions, i -> (i * i * i + i) % modulus % 7), task, seed, train, validation, test);
  }

  private static void assertSplit(Metadata metadata, String task, long seed, String train, String validation,
      String test) {
    var split = Split.stratifiedBy(Task.of(task), metadata, seed);
    assertEquals(train, split.sha256(Split.Subset.TRAIN).substring(0, 16));
    assertEquals(validation, split.sha256(Split.Subset.VALIDATION).substring(0, 16));
    assertEquals(test, split.sha256(Split.Subset.TEST).substring(0, 16));
  }

  /** The first 16 digits of the checksums of the lesions, by scikit-learn 1.9.1 on the same made-up lesions. */
  @ParameterizedTest
  @CsvSource({
      "5,1,506c048c9bd4a325,c23d3381565bfba0,08163da3f97a9f41",
      "5,2,814dc7747b7bf515,2e66c9cf164e07e5,c60bffe0cd06d5d7",
      "5,3,5ff1684cbbfe7539,fae824918bd95f33,2934136aa0a490fb",
      "5,4,370d3d86483ae991,eb53c4fec418607f,1baaf9ef95cec861",
      "5,5,9270fcfd86be6915,2fccef4c7765d63b,f7fe6cc447afb3a6",
      "3,1,09a4b6861ed88e78,be2d7cdf246c60d1,4317988c396e5a82",
      "3,2,4a8c64018bf3dcc0,eae1643494365d89,b885b28b04e6e369", "3,3,237897da19b4ce6c,c703c10a35bc06db,4ce0883abbae0236"
  })
  void foldsAgreeWithScikitLearn(int folds, int fold, String train, String validation, String test) {
    var metadata =
        folds == 5 ? madeUp(200, i -> (i * i * 7 + i * 3) % 7) : madeUp(331, i -> (i * i * i + i) % 23 % 7);
    var split = Split.fold(metadata, Task.SEVEN_CLASS, folds == 5 ? 42 : 7, folds, fold);
    assertEquals(train, lesionsOf(split, Split.Subset.TRAIN));
    assertEquals(validation, lesionsOf(split, Split.Subset.VALIDATION));
    assertEquals(test, lesionsOf(split, Split.Subset.TEST));
  }

  private static String lesionsOf(Split split, Split.Subset subset) {
    String ids = split.of(subset).stream().map(member -> member.row().lesionId()).distinct().sorted()
        .collect(Collectors.joining("\n"));
    return Sha256.hex(ids.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }

  @Test
  void everyLesionIsInOneTestFold() {
    var metadata = madeUp(331, i -> (i * i * i + i) % 23 % 7);
    var tested = new ArrayList<String>();
    for (int fold = 1; fold <= 4; fold++) {
      Split.fold(metadata, Task.BINARY, 1, 4, fold).of(Split.Subset.TEST).stream()
          .map(member -> member.row().lesionId()).distinct().forEach(tested::add);
    }
    assertEquals(331, tested.size());
    assertEquals(331, tested.stream().distinct().count());
    assertThrows(IllegalArgumentException.class, () -> Split.fold(metadata, Task.BINARY, 1, 4, 5));
    var message =
        assertThrows(UserError.class, () -> Split.fold(madeUp(20, i -> 5 - i / 19), Task.BINARY, 1, 4, 1)).getMessage();
    assertTrue(message.contains("too few for 4 folds"), message);
  }

  @Test
  void noLesionIsInTwoSubsets() {
    var split = Split.of(madeUp(331, i -> (i * i * i + i) % 23 % 7), Task.BINARY, 1);
    var subsetOf = new HashMap<String, Split.Subset>();
    for (var member : split.members()) {
      assertEquals(member.subset(), subsetOf.computeIfAbsent(member.row().lesionId(), id -> member.subset()));
    }
    assertEquals(331, subsetOf.size());
  }

  @Test
  void tooFewLesionsOfAClass() {
    var message = assertThrows(UserError.class, () -> Split.of(madeUp(20, i -> 5), Task.BINARY, 1)).getMessage();
    assertTrue(message.contains("made-up.csv, column dx: class malignant (akiec, bcc, mel) has 0 lesions; "), message);
    message = assertThrows(UserError.class, () -> Split.of(madeUp(6, i -> 4 + i % 2), Task.BINARY, 1)).getMessage();
    assertTrue(message.contains("6 lesions are too few"), message);
  }

  @Test
  void writtenFiles(@TempDir Path folder) throws IOException {
    var split = Split.of(madeUp(200, i -> i % 7), Task.BINARY, 42);
    split.write(folder.resolve("new/folder"));
    var csv = folder.resolve("new/folder/split.csv");
    var lines = Files.readAllLines(csv);
    assertEquals("image_id,lesion_id,dx,label,subset", lines.getFirst());
    assertEquals("HAM_0000000_0,HAM_0000000,akiec,malignant," + split.members().getFirst().subset(), lines.get(1));
    assertEquals(split.members().size() + 1, lines.size());
    var checksums = Files.readString(folder.resolve("new/folder/split.sha256"));
    assertTrue(checksums.contains("# " + split.sha256(Split.Subset.TEST) + " test\n"));
    assertTrue(checksums.endsWith("\n" + Checksum.of(csv, "SHA-256").hex() + "  split.csv\n"));
    assertEquals("0 benign\n1 malignant\n", Files.readString(folder.resolve("new/folder/labels.txt")));
    assertEquals("0 akiec\n1 bcc\n2 bkl\n3 df\n4 mel\n5 nv\n6 vasc\n", Task.SEVEN_CLASS.labelsText());
    try (var files = Files.list(folder.resolve("new/folder"))) {
      assertEquals(3, files.count(), "no temporary file stays");
    }
  }

  @Test
  void namesThatHoldTheSeparatorAreQuoted(@TempDir Path folder) {
    var rows = madeUp(20, i -> 4 + i % 2).rows().stream().map(row -> new Metadata.Row(row.lesionId() + ", \"left\"",
        row.imageId(), row.diagnosis(), row.confirmation(), row.age(), row.sex(), row.localization())).toList();
    Split.of(new Metadata(Path.of("made-up.csv"), rows), Task.BINARY, 42).write(folder);
    var line = CsvTable.read(folder.resolve("split.csv"), "").lines().getFirst();
    assertEquals("HAM_0000000, \"left\"", line.get("lesion_id"));
    assertEquals("mel", line.get("dx"));
    assertTrue(line.complete());
  }

  private static Metadata realMetadata() {
    return Metadata.read(SharedData.require("ham10000/" + Metadata.FILE_NAME));
  }

  private static Metadata madeUp(int lesions, IntUnaryOperator diagnosis) {
    var rows = new ArrayList<Metadata.Row>();
    for (int i = 0; i < lesions; i++) {
      var id = "HAM_%07d".formatted(i);
      for (int k = 0; k < 1 + i % 3; k++) {
        rows.add(new Metadata.Row(id, id + "_" + k, Diagnosis.values()[diagnosis.applyAsInt(i)], "histo",
            OptionalDouble.empty(), "unknown",
            "back"));
      }
    }
    return new Metadata(Path.of("made-up.csv"), rows);
  }
}
