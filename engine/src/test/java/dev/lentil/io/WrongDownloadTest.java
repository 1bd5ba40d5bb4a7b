package dev.lentil.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrongDownloadTest {
  private static Optional<String> of(String text) {
    return WrongDownload.of(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aPointerOfGitLfs() {
    assertTrue(
        of("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a").orElseThrow().contains("git lfs pull"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<!DOCTYPE html>\n<html lang=\"en\">", "\n\n<HTML><head>"})
  void aWebPage(String text) {
    assertTrue(of(text).orElseThrow().contains("web page"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "version 2", "<htm", "{\"a\":1}"})
  void anythingElseIsNeither(String text) {
    assertEquals(Optional.empty(), of(text));
  }
}
