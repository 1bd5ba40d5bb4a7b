package dev.lentil.backend.cuda.nvrtc;

import static dev.lentil.backend.cuda.nvrtc.NvrtcError.check;

import java.util.List;
import java.util.stream.IntStream;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;

/** NVRTC 12 through JCuda. */
final class JCudaNvrtc implements Nvrtc {
  @Override
  public String version() {
    int[] major = new int[1];
    int[] minor = new int[1];
    ok(JNvrtc.nvrtcVersion(major, minor), "say its version");
    return "NVRTC " + major[0] + "." + minor[0];
  }

  @Override
  public List<Integer> architectures() {
    int[] count = new int[1];
    ok(JNvrtc.nvrtcGetNumSupportedArchs(count), "say what it compiles for");
    int[] architectures = new int[count[0]];
    ok(JNvrtc.nvrtcGetSupportedArchs(architectures), "say what it compiles for");
    return IntStream.of(architectures).boxed().toList();
  }

  @Override
  public byte[] compile(KernelSource source, List<String> options) {
    nvrtcProgram program = new nvrtcProgram();
    String[] names = source.headers().keySet().toArray(String[]::new);
    String[] headers = source.headers().values().toArray(String[]::new);
    ok(JNvrtc.nvrtcCreateProgram(program, source.text(), source.name(), names.length, headers, names), "start");
    try {
      int result = JNvrtc.nvrtcCompileProgram(program, options.size(), options.toArray(String[]::new));
      if (result != 0) {
        String[] log = {""};
        JNvrtc.nvrtcGetProgramLog(program, log);
        throw NvrtcError.refused(source, result, JNvrtc.nvrtcGetErrorString(result), log[0]);
      }
      long[] size = new long[1];
      ok(JNvrtc.nvrtcGetCUBINSize(program, size), "give machine code");
      byte[] cubin = new byte[Math.toIntExact(size[0])];
      ok(JNvrtc.nvrtcGetCUBIN(program, cubin), "give machine code");
      return cubin;
    } finally {
      JNvrtc.nvrtcDestroyProgram(program);
    }
  }

  private static void ok(int result, String what) {
    if (result != 0) {
      check(result, JNvrtc.nvrtcGetErrorString(result), what);
    }
  }
}
