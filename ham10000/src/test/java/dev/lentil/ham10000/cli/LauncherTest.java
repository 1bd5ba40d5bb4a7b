package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@code ./lentil} in a made-up repository with made-up JDKs, whose java prints what it was started with, and a
 * made-up Maven.
 */
class LauncherTest {
  /** All that the launcher may use besides the shell, so that no java or mvn of this machine is on the PATH. */
  private static final List<String> TOOLS =
      List.of("cat", "cp", "dirname", "find", "grep", "head", "ln", "mkdir", "mv", "readlink", "rm", "rmdir", "sed",
          "sleep", "tail", "touch", "tr");

  private static final List<String> QUICK = List.of("-Dlentil.cpu.species=scalar", "-XX:+UseSerialGC", "-Xmn16m",
      "--enable-native-access=ALL-UNNAMED", "-Xlog:disable");

  private static final List<String> COLLECTOR = List.of("-XX:+UseSerialGC", "-Xmn16m");

  private static final List<String> USUAL = List.of("-XX:+UseCountedLoopSafepoints", "-XX:LoopStripMiningIter=1000",
      "--enable-native-access=ALL-UNNAMED");

  private record Ran(int exitCode, String out, String err) {}

  @TempDir
  private Path temporary;

  private Path root;
  private Path jvms;
  private final Map<String, String> environment = new TreeMap<>();
  private final Map<Process, Path> outputs = new HashMap<>();

  @BeforeEach
  void makeRepository() throws IOException {
    temporary = temporary.toRealPath();
    root = Files.createDirectories(temporary.resolve("a repository"));
    Files.copy(SharedData.repositoryRoot().resolve("lentil"), root.resolve("lentil"));
    Files.createDirectories(root.resolve("engine/src/main/java"));
    Files.createDirectories(root.resolve("ham10000/target"));
    Files.writeString(root.resolve("pom.xml"), "");
    jvms = Files.createDirectories(temporary.resolve("jvms"));
    var bin = Files.createDirectories(temporary.resolve("bin"));
    for (var tool : TOOLS) {
      executable(bin.resolve(tool), "exec " + real(tool) + " \"$@\"");
    }
    environment.put("PATH", bin.toString());
    environment.put("HOME", temporary.toString());
    environment.put("LENTIL_JVM_FOLDERS", jvms.toString());
  }

  @Test
  void withoutAJdkItSaysWhatToInstall() throws Exception {
    var ran = lentil("demo");
    assertEquals(1, ran.exitCode());
    assertTrue(ran.err().contains("needs a JDK of version 25 or newer, and found none.\n"), ran.err());
    assertTrue(ran.err().contains("adoptium.net") && ran.err().contains("JAVA_HOME"), ran.err());
  }

  @Test
  void anOlderJdkIsNamed() throws Exception {
    var old = jdk(jvms.resolve("seventeen"), "17.0.15", "java.base");
    environment.put("JAVA_HOME", jdk(temporary.resolve("eight"), "1.8.0_402", "").toString());
    var ran = lentil("demo");
    assertEquals(1, ran.exitCode());
    assertTrue(ran.err().contains("Java 17.0.15 in " + old), ran.err());
    assertTrue(ran.err().contains("Java 1.8.0_402 in "), ran.err());
  }

  @Test
  void javaHomeWinsThenThePathThenTheUsualFolders() throws Exception {
    programIsBuilt();
    var usual = jdk(jvms.resolve("jdk-26"), "26", "java.base");
    assertTrue(lentil().out().startsWith(usual + "\n"));

    var onPath = jdk(temporary.resolve("path jdk"), "25.0.3", "java.base");
    Files.createSymbolicLink(temporary.resolve("bin/java"), onPath.resolve("bin/java"));
    assertTrue(lentil().out().startsWith(onPath + "\n"));

    var javaHome = jdk(temporary.resolve("home jdk"), "25.0.1", "java.base");
    environment.put("JAVA_HOME", javaHome.toString());
    assertTrue(lentil().out().startsWith(javaHome + "\n"));

    environment.put("JAVA_HOME", jdk(temporary.resolve("old home"), "17", "java.base").toString());
    assertTrue(lentil().out().startsWith(onPath + "\n"), "a JAVA_HOME that is too old is passed over");
  }

  @Test
  void aJdkInTheLayoutOfMacIsFound() throws Exception {
    programIsBuilt();
    var mac = jdk(jvms.resolve("temurin-25.jdk/Contents/Home"), "25", "java.base");
    assertTrue(lentil().out().startsWith(mac + "\n"));
  }

  @Test
  void argumentsArriveAsGivenAndTheVectorModuleOnlyWhereItIs() throws Exception {
    programIsBuilt();
    environment.put("JAVA_HOME",
        jdk(temporary.resolve("with"), "25", "java.base jdk.incubator.vector java.xml").toString());
    environment.put("LENTIL_JAVA_OPTS", "-Xmx1g -ea");
    var jar = root.resolve(".lentil/lentil.jar").toString();
    assertEquals(
        joined(List.of("--add-modules", "jdk.incubator.vector", "-XX:ObjectAlignmentInBytes=64"), COLLECTOR, USUAL,
            List.of("-Xmx1g", "-ea", "-jar", jar, "a b", "", "*")),
        lentil("a b", "", "*").out().lines().skip(2).toList());

    environment.put("JAVA_HOME", jdk(temporary.resolve("without"), "25", "java.base").toString());
    environment.remove("LENTIL_JAVA_OPTS");
    assertEquals(joined(COLLECTOR, USUAL, List.of("-jar", jar)), lentil().out().lines().skip(2).toList());

    environment.put("LENTIL_JAVA_OPTS", "-XX:+UseG1GC");
    assertEquals(joined(USUAL, List.of("-XX:+UseG1GC", "-jar", jar)),
        lentil().out().lines().skip(2).toList(), "one collector only");
  }

  @Test
  void ofGraalVmTheCompilerOfHotSpotIsTaken() throws Exception {
    programIsBuilt();
    var home = jdk(jvms.resolve("graalvm"), "25", "java.base");
    Files.createDirectories(home.resolve("lib"));
    Files.createFile(home.resolve("lib/libjvmcicompiler.so"));
    var compiler = List.of("-XX:+UnlockExperimentalVMOptions", "-XX:-UseJVMCICompiler");
    var jar = List.of("-jar", root.resolve(".lentil/lentil.jar").toString());
    assertEquals(joined(COLLECTOR, compiler, USUAL, jar), arguments(List.of()));
    assertEquals(joined(compiler, QUICK, jar, List.of("classify")), arguments(List.of("classify")));
  }

  @Test
  void theCudaBackendIsBuiltAndStartedWhenAskedForOnly() throws Exception {
    jdk(jvms.resolve("jdk"), "25", "java.base");
    Files.createDirectories(root.resolve("kernels/target"));
    maven(": >'" + root.resolve("kernels/target/lentil-cuda.jar") + "'");
    assertTrue(lentil("doctor").out().contains("-jar\n"));
    environment.put("LENTIL_CUDA", "1");
    String work = root.resolve(".lentil").toString();
    for (int run = 0; run < 2; run++) {
      assertEquals(
          joined(COLLECTOR, USUAL, List.of("-cp",
              work + "/lentil.jar:" + work + "/lentil-cuda.jar",
              "dev.lentil.ham10000.cli.Main", "doctor")),
          lentil("doctor").out().lines().skip(2).toList());
    }
    assertEquals(2, builds());
    assertTrue(Files.readString(temporary.resolve("maven-calls")).contains("-pl ham10000,kernels -am"));
    var source = Files.createDirectories(root.resolve("kernels/src/main/cuda")).resolve("a.cu");
    Files.writeString(source, "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    lentil("doctor");
    assertEquals(3, builds());
  }

  @Test
  void throughLinksAndFromAnyFolderWhichStaysTheCurrentOne() throws Exception {
    programIsBuilt();
    jdk(jvms.resolve("jdk"), "25", "java.base");
    var links = Files.createDirectories(temporary.resolve("links/deeper"));
    Files.createSymbolicLink(links.resolve("first"), Path.of("../../a repository/lentil"));
    Files.createSymbolicLink(temporary.resolve("links/lentil"), Path.of("deeper/first"));
    var ran = finish(start(List.of("/bin/sh", temporary.resolve("links/lentil").toString()), links));
    assertEquals(0, ran.exitCode(), ran.err());
    assertEquals(links.toString(), ran.out().lines().skip(1).findFirst().orElseThrow());
    assertTrue(ran.out().contains(root.resolve(".lentil/lentil.jar").toString()), ran.out());
  }

  @Test
  void itBuildsOnceAndAgainOnlyWhenASourceIsNewer() throws Exception {
    jdk(jvms.resolve("jdk"), "25", "java.base");
    maven(":");
    var first = lentil();
    assertEquals(0, first.exitCode(), first.err());
    assertTrue(first.err().contains("lentil: building"), first.err());
    assertEquals(1, builds());
    assertEquals("", lentil().err());
    assertEquals(1, builds());

    var source = root.resolve("engine/src/main/java/A.java");
    Files.writeString(source, "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    lentil();
    assertEquals(2, builds());
    var arguments = Files.readString(temporary.resolve("maven-calls")).lines().findFirst().orElseThrow();
    assertEquals(
        "-q -B -f " + root + "/pom.xml -pl ham10000 -am -DskipTests package, JAVA25_HOME=" + jvms.resolve("jdk"),
        arguments);
  }

  /** The program holds the recipes, so an old program would go on with the old ones. */
  @Test
  void anEditedRecipeIsBuiltIntoTheProgram() throws Exception {
    jdk(jvms.resolve("jdk"), "25", "java.base");
    maven(":");
    var recipe = Files.createDirectories(root.resolve("ham10000/recipes")).resolve("best.properties");
    Files.writeString(recipe, "");
    lentil();
    lentil();
    assertEquals(1, builds());
    Files.setLastModifiedTime(recipe, FileTime.from(Instant.now().plusSeconds(5)));
    lentil();
    assertEquals(2, builds());
  }

  @Test
  void benchHasABuildAndAClassPathOfItsOwn() throws Exception {
    programIsBuilt();
    jdk(jvms.resolve("jdk"), "25", "java.base");
    maven("mkdir -p '" + root + "/bench/target'; echo '/m2/peer.jar:/m2/other one.jar' >'" + root
        + "/bench/target/bench.classpath'");
    var ran = lentil("bench", "--only", "infer b1 t1");
    assertEquals(0, ran.exitCode(), ran.err());
    assertEquals(
        joined(COLLECTOR, USUAL, List.of("-Dlentil.launcher=" + root + "/lentil", "-cp",
            root + "/bench/target/classes:/m2/peer.jar:/m2/other one.jar", "dev.lentil.bench.Main", "bench", "--only",
            "infer b1 t1")),
        ran.out().lines().skip(2).toList());
    assertTrue(Files.readString(temporary.resolve("maven-calls")).contains(" -pl bench -am -DskipTests package"));
    lentil("bench");
    assertEquals(1, builds());

    var source = Files.createDirectories(root.resolve("bench/src/main")).resolve("A.java");
    Files.writeString(source, "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    lentil("doctor");
    assertEquals(1, builds(), "no other command needs it");
    lentil("bench");
    assertEquals(2, builds());
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(5)));

    Files.delete(root.resolve("bench/target/bench.classpath"));
    lentil("bench");
    assertEquals(3, builds(), "what the class path names was cleaned away");
  }

  @Test
  void aFailedBuildShowsTheEndOfItsLogAndIsTriedAgain() throws Exception {
    jdk(jvms.resolve("jdk"), "25", "java.base");
    maven("echo '[ERROR] no such symbol'; exit 1");
    for (int i = 0; i < 2; i++) {
      var ran = lentil();
      assertEquals(1, ran.exitCode());
      assertTrue(ran.err().contains("[ERROR] no such symbol") && ran.err().contains("build.log"), ran.err());
      assertEquals("", ran.out());
    }
    assertEquals(2, builds());
  }

  /** As another user where this one may write everywhere. */
  @Test
  void whoCannotBuildStartsTheProgramThatIsThere() throws Exception {
    jdk(jvms.resolve("jdk"), "25", "java.base");
    var work = Files.createDirectories(root.resolve(".lentil"));
    for (var folder = work; folder.startsWith(temporary); folder = folder.getParent()) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    }
    var user = Files.isWritable(work)
        ? asAnotherUser("doctor")
        : List.of("/bin/sh", root.resolve("lentil").toString(), "doctor");
    try {
      var nothing = finish(start(user, temporary));
      assertEquals(1, nothing.exitCode());
      assertEquals("lentil: must build itself, and cannot write to " + work + "\n", nothing.err());

      Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
      programIsBuilt();
      Files.setLastModifiedTime(root.resolve(".lentil/lentil.jar"), FileTime.from(Instant.EPOCH));
      Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("r-xr-xr-x"));
      var ran = finish(start(user, temporary));
      assertEquals(0, ran.exitCode(), ran.err());
      assertTrue(ran.out().endsWith("lentil.jar\ndoctor\n"), ran.out());
      assertEquals("lentil: the sources are newer than the program; starting it as it is, since " + work
          + " cannot be written to build it again\n", ran.err());
    } finally {
      for (var folder = work; folder.startsWith(temporary); folder = folder.getParent()) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  /** Asking after a process of another user is refused, which does not mean that there is none. */
  @Test
  void theLockOfAnotherUsersBuildIsRespected() throws Exception {
    jdk(jvms.resolve("jdk"), "25", "java.base");
    var work = Files.createDirectories(root.resolve(".lentil"));
    for (var folder = work; folder.startsWith(temporary); folder = folder.getParent()) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    var lock = Files.createSymbolicLink(work.resolve("build.lock"), Path.of("pid-" + ProcessHandle.current().pid()));
    var process = start(asAnotherUser("doctor"), temporary);
    var err = Path.of(outputs.get(process) + ".err");
    while (process.isAlive() && !Files.readString(err).contains("waiting")) {
      Thread.sleep(5);
    }
    assertEquals("lentil: another start is building; waiting for it\n", Files.readString(err));
    programIsBuilt();
    Files.delete(lock);
    assertEquals(0, finish(process).exitCode());
  }

  @Test
  void aLockThatIsNoLinkIsNamed() throws Exception {
    jdk(jvms.resolve("jdk"), "25", "java.base");
    maven(":");
    var lock = Files.createDirectories(root.resolve(".lentil")).resolve("build.lock");
    Files.createFile(lock);
    assertEquals("lentil: " + lock + " is no lock of a build; remove it\n", lentil().err());
    Files.delete(lock);
    Files.createDirectory(lock);
    assertEquals("lentil: " + lock + " is no lock of a build; remove it\n", lentil().err());
    Files.delete(lock);
    assertEquals(0, lentil().exitCode());
  }

  /** Where nothing can be made in the folder though it may be written to, as on a full disk. */
  @Test
  void aLockThatCannotBeMadeEndsTheStart() throws Exception {
    jdk(jvms.resolve("jdk"), "25", "java.base");
    maven(":");
    executable(temporary.resolve("bin/ln"), "exit 1");
    executable(temporary.resolve("bin/sleep"), "");
    assertEquals("lentil: cannot make " + root.resolve(".lentil/build.lock") + "; look whether the disk is full\n",
        lentil().err());
  }

  @Test
  void withoutMavenItSaysSo() throws Exception {
    jdk(jvms.resolve("jdk"), "25", "java.base");
    var ran = lentil();
    assertEquals(1, ran.exitCode());
    assertTrue(ran.err().contains("needs Apache Maven"), ran.err());
    assertFalse(Files.isSymbolicLink(root.resolve(".lentil/build.lock")), "the lock is given back");
  }

  @Test
  void startsAtTheSameTimeBuildOnce() throws Exception {
    jdk(jvms.resolve("jdk"), "25", "java.base");
    maven("sleep 1");
    // what a builder that was killed leaves behind; no process has this number
    Files.createDirectories(root.resolve(".lentil"));
    Files.createSymbolicLink(root.resolve(".lentil/build.lock"), Path.of("pid-2147483647"));
    var started = new ArrayList<Process>();
    for (int i = 0; i < 4; i++) {
      started.add(start(List.of("/bin/sh", root.resolve("lentil").toString()), temporary));
    }
    for (var process : started) {
      var ran = finish(process);
      assertEquals(0, ran.exitCode(), ran.err());
      assertTrue(ran.out().contains("lentil.jar"), ran.out());
    }
    assertEquals(1, builds());
    assertFalse(Files.isSymbolicLink(root.resolve(".lentil/build.lock")));
  }

  @Test
  void aSignalReachesTheProgramItself() throws Exception {
    programIsBuilt();
    var home = jdk(jvms.resolve("jdk"), "25", "java.base");
    executable(home.resolve("bin/java"),
        "trap 'echo stopped; exit 143' TERM\necho ready\nwhile :; do sleep 0.05; done");
    var process = start(List.of("/bin/sh", root.resolve("lentil").toString(), "train"), temporary);
    while (!Files.readString(outputs.get(process)).contains("ready")) {
      assertTrue(process.isAlive());
      Thread.sleep(5);
    }
    process.destroy();
    var ran = finish(process);
    assertEquals(143, ran.exitCode());
    assertEquals("ready\nstopped\n", ran.out());
  }

  @Test
  void aFewPhotographsAreClassifiedWithoutTheVectorModule() throws Exception {
    programIsBuilt();
    environment.put("JAVA_HOME", jdk(temporary.resolve("with"), "25", "java.base jdk.incubator.vector").toString());
    var photo = Files.writeString(temporary.resolve("a photo.jpg"), "");
    var jar = root.resolve(".lentil/lentil.jar").toString();
    var few = new ArrayList<>(List.of("classify", "--weights", photo.toString()));
    few.addAll(Collections.nCopies(19, photo.toString()));
    assertEquals(Stream.concat(Stream.concat(QUICK.stream(), Stream.of("-jar", jar)), few.stream()).toList(),
        arguments(few));

    var many = new ArrayList<>(few);
    many.add(photo.toString());
    assertTrue(arguments(many).contains("--add-modules"), "with more photographs the compiler's time pays");
    assertTrue(arguments(List.of("explain", photo.toString())).contains("--add-modules"));
    var predict = List.of("predict", photo.toString(), "--run", temporary.toString());
    assertEquals(joined(QUICK, List.of("-jar", jar), predict), arguments(predict));
    environment.put("LENTIL_JAVA_OPTS", "-ea");
    assertTrue(arguments(few).contains("--add-modules"), "other options are not for the cache");
  }

  @Test
  void aRehearsalLeavesACacheOnceForEachProgramAndJdk() throws Exception {
    var rehearsing = jdk(jvms.resolve("jdk"), "25", "java.base");
    rehearse(rehearsing);
    maven(":");
    var caches = root.resolve(".lentil");
    assertEquals(0, lentil().exitCode(), "the first start builds and rehearses");
    var first = caches(caches);
    assertEquals(1, first.size());
    assertTrue(arguments(List.of("classify")).contains("-XX:AOTCache=" + first.getFirst()));
    assertEquals(2, rehearsals(), "recorded and created, and not again");

    var other = jdk(temporary.resolve("other"), "25.0.9", "java.base");
    rehearse(other);
    environment.put("JAVA_HOME", other.toString());
    assertEquals(1, arguments(List.of("classify")).stream().filter(a -> a.startsWith("-XX:AOTCache=")).count());
    assertEquals(2, caches(caches).size());

    var source = root.resolve("engine/src/main/java/A.java");
    Files.writeString(source, "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertEquals(0, lentil().exitCode());
    assertEquals(1, caches(caches).size(), "those of the program before are gone");
    assertEquals(6, rehearsals());
  }

  @Test
  void whatAKilledRehearsalLeftIsRemoved() throws Exception {
    programIsBuilt();
    rehearse(jdk(jvms.resolve("jdk"), "25", "java.base"));
    var caches = root.resolve(".lentil");
    // no process has the first number; the second is one that is still at it
    Files.createFile(caches.resolve("quick-1.aot.2147483647"));
    Files.createFile(caches.resolve("quick-1.aot.2147483647.config"));
    var other = Files.createFile(caches.resolve("quick-1.aot." + ProcessHandle.current().pid() + ".config"));
    assertEquals(0, lentil("classify").exitCode());
    assertTrue(Files.exists(other));
    assertEquals(2, caches(caches).size(), "that and the cache");
  }

  @Test
  void withoutACacheItStartsAllTheSame() throws Exception {
    programIsBuilt();
    jdk(jvms.resolve("jdk"), "25", "java.base");
    for (int i = 0; i < 2; i++) {
      var ran = lentil("classify");
      assertEquals(0, ran.exitCode(), ran.err());
      assertFalse(ran.out().contains("AOTCache"), ran.out());
    }
    var caches = caches(root.resolve(".lentil"));
    assertEquals(1, caches.size(), "one that is empty, so that it is not tried again");
    assertEquals(0, Files.size(caches.getFirst()));
  }

  @Test
  void whereCharactersAreNotUtf8TheyBecomeIt() throws Exception {
    programIsBuilt();
    var home = jdk(jvms.resolve("jdk"), "25", "java.base");
    executable(home.resolve("bin/java"), "printf '%s\\n' \"${LC_ALL:-none}\"");
    // what it is called is believed where nothing tells what it is
    assertEquals("C.UTF-8\n", localeOf(Map.of()));
    assertEquals("C.UTF-8\n", localeOf(Map.of("LANG", "C")));
    assertEquals("C.UTF-8\n", localeOf(Map.of("LC_ALL", "POSIX")));
    assertEquals("none\n", localeOf(Map.of("LANG", "en_US.UTF-8")));
    assertEquals("de_DE.utf8\n", localeOf(Map.of("LC_ALL", "de_DE.utf8")));
    // named and not installed
    executable(temporary.resolve("bin/locale"), "echo 'locale: Cannot set LC_CTYPE' >&2; echo ANSI_X3.4-1968");
    assertEquals("C.UTF-8\n", localeOf(Map.of("LANG", "en_US.UTF-8")));
    assertEquals("C.UTF-8\n", localeOf(Map.of("LC_ALL", "en_US.UTF-8")));
    executable(temporary.resolve("bin/locale"), "echo UTF-8");
    assertEquals("none\n", localeOf(Map.of("LANG", "en_US")));
    assertEquals("ja_JP.UTF-8\n", localeOf(Map.of("LC_ALL", "ja_JP.UTF-8")));
  }

  /** What the program is started with as LC_ALL. */
  private String localeOf(Map<String, String> variables) throws Exception {
    environment.keySet().removeAll(List.of("LC_ALL", "LC_CTYPE", "LANG"));
    environment.putAll(variables);
    var ran = lentil("doctor");
    assertEquals("", ran.err());
    return ran.out();
  }

  /** To be started by a user who may write everywhere. */
  private List<String> asAnotherUser(String... args) {
    var setpriv = Path.of("/usr/bin/setpriv");
    assumeTrue(Files.isExecutable(setpriv) && "root".equals(System.getProperty("user.name")),
        "no way to be another user");
    var command = new ArrayList<>(List.of(setpriv.toString(), "--reuid=65534", "--clear-groups", "/bin/sh",
        root.resolve("lentil").toString()));
    command.addAll(List.of(args));
    return command;
  }

  @SafeVarargs
  private static List<String> joined(List<String>... parts) {
    return Stream.of(parts).flatMap(List::stream).toList();
  }

  private static Path real(String tool) {
    var usual = Path.of("/usr/bin", tool);
    return Files.exists(usual) ? usual : Path.of("/bin", tool);
  }

  private List<String> arguments(List<String> args) throws Exception {
    var ran = lentil(args.toArray(String[]::new));
    assertEquals(0, ran.exitCode(), ran.err());
    return ran.out().lines().skip(2).toList();
  }

  private static List<Path> caches(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> !List.of("lentil.jar", "started", "build.log").contains(file.getFileName().toString()))
          .toList();
    }
  }

  /** Makes a JDK's java write the cache that it is asked for, and count. */
  private void rehearse(Path home) throws IOException {
    executable(home.resolve("bin/java"), """
        case "$*" in
          *Rehearsal*) echo . >>'%s'; for a in "$@"; do case $a in -XX:AOTCache=*) echo cache >"${a#-XX:AOTCache=}";; esac; done ;;
        esac
        printf '%%s\\n' '%s' "$PWD" "$@"
        """.formatted(temporary.resolve("rehearsals"), home));
  }

  private long rehearsals() throws IOException {
    return Files.readString(temporary.resolve("rehearsals")).lines().count();
  }

  private Ran lentil(String... args) throws Exception {
    var command = new ArrayList<>(List.of("/bin/sh", root.resolve("lentil").toString()));
    command.addAll(List.of(args));
    return finish(start(command, temporary));
  }

  private Process start(List<String> command, Path folder) throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectOutput(Files.createTempFile(temporary, "run", ".out").toFile());
    builder.redirectError(Path.of(builder.redirectOutput().file() + ".err").toFile());
    var process = builder.start();
    outputs.put(process, builder.redirectOutput().file().toPath());
    return process;
  }

  private Ran finish(Process process) throws Exception {
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "the launcher ends");
    var out = outputs.get(process);
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(Path.of(out + ".err")));
  }

  private void programIsBuilt() throws IOException {
    var jar = Files.createDirectories(root.resolve(".lentil")).resolve("lentil.jar");
    Files.writeString(jar, "");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
  }

  /** A JDK whose java prints its own folder, the current one, and its arguments, one a line. */
  private Path jdk(Path home, String version, String modules) throws IOException {
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"),
        "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\nMODULES=\"" + modules + "\"\n");
    executable(home.resolve("bin/java"), "printf '%s\\n' '" + home + "' \"$PWD\" \"$@\"");
    executable(home.resolve("bin/javac"), "");
    return home;
  }

  private void maven(String script) throws IOException {
    executable(temporary.resolve("bin/mvn"),
        "echo \"$*, JAVA25_HOME=$JAVA25_HOME\" >>'" + temporary.resolve("maven-calls") + "'\n"
            + script + "\n: >'" + root.resolve("ham10000/target/lentil.jar") + "'");
  }

  private long builds() throws IOException {
    return Files.readString(temporary.resolve("maven-calls")).lines().count();
  }

  private static void executable(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
