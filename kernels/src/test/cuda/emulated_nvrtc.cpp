// NVRTC for the emulated card: builds a .cu with g++ and emulation.h into a shared library and calls that a cubin. Like the
// true one it sees only the headers that it is given, and answers with the compiler's log.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {
enum { SUCCESS = 0, COMPILATION = 6, INVALID_OPTION = 5, INVALID_INPUT = 3 };

struct Program {
  std::string source;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string log;
  std::string cubin;
};
long compilations = 0;

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

// For each kernel a function that binds its arguments, which the driver finds by name.
std::string binders(const std::string& source) {
  std::string out;
  for (size_t at = source.find("KERNEL "); at != std::string::npos; at = source.find("KERNEL ", at + 1)) {
    if (at > 0 && source[at - 1] != '\n') {
      continue;
    }
    size_t from = at + 7;
    std::string name = source.substr(from, source.find('(', from) - from);
    out += "extern \"C\" Call* bind_" + name + "(void** a) { return bindKernel(" + name + ", a); }\n";
  }
  return out;
}
}  // namespace

extern "C" {

long emulated_nvrtc_compilations() { return compilations; }

int nvrtcVersion(int* major, int* minor) {
  *major = EMULATED_VERSION;
  *minor = 0;
  return SUCCESS;
}

const char* nvrtcGetErrorString(int result) {
  return result == COMPILATION ? "NVRTC_ERROR_COMPILATION" : result == INVALID_OPTION ? "NVRTC_ERROR_INVALID_OPTION"
                                                                                     : "NVRTC_ERROR";
}

int nvrtcGetNumSupportedArchs(int* count) {
  *count = 3;
  return SUCCESS;
}

int nvrtcGetSupportedArchs(int* archs) {
  archs[0] = 75;
  archs[1] = 80;
  archs[2] = 90;
  return SUCCESS;
}

int nvrtcCreateProgram(void** program, const char* source, const char*, int count, const char* const* headers,
                       const char* const* names) {
  auto made = new Program();
  made->source = source;
  for (int i = 0; i < count; i++) {
    made->headers.push_back({names[i], headers[i]});
  }
  *program = made;
  return SUCCESS;
}

int nvrtcDestroyProgram(void** program) {
  delete (Program*)*program;
  *program = nullptr;
  return SUCCESS;
}

int nvrtcCompileProgram(void* handle, int count, const char* const* options) {
  Program& program = *(Program*)handle;
  char folder[] = "/tmp/emulated_nvrtc_XXXXXX";
  if (!mkdtemp(folder)) {
    return INVALID_INPUT;
  }
  std::string at = folder;
  std::string command = "g++ -std=c++17 -O2 -ffp-contract=off -fno-strict-aliasing -fno-gnu-unique -Wno-unknown-pragmas -shared -fPIC";
  // A card refuses vectors at addresses that are no multiple of their size; a processor would not mind. Neither would say a word of
  // a subscript outside of its array, or of an index that has grown too large.
  command += " -fsanitize=alignment,bounds,shift,signed-integer-overflow,integer-divide-by-zero -fsanitize-undefined-trap-on-error";
  command += " -I" + at + " -include \"" EMULATION_HEADER "\"";
  bool architecture = false;
  for (int i = 0; i < count; i++) {
    std::string option = options[i];
    if (option.rfind("-D", 0) == 0) {
      command += " " + option;
    } else if (option.rfind("--gpu-architecture=sm_", 0) == 0) {
      architecture = true;
    } else {
      program.log = "emulated NVRTC: unknown option " + option;
      return INVALID_OPTION;
    }
  }
  if (!architecture) {
    program.log = "emulated NVRTC: no architecture";
    return INVALID_OPTION;
  }
  compilations++;
  for (auto& header : program.headers) {
    write(at + "/" + header.first, header.second);
  }
  write(at + "/kernel.cpp", program.source + "\n" + binders(program.source));
  command += " -o " + at + "/kernel.so " + at + "/kernel.cpp > " + at + "/log 2>&1";
  int status = system(command.c_str());
  program.log = read(at + "/log");
  std::string library = read(at + "/kernel.so");
  size_t size = library.size();
  program.cubin = std::string("EMULATED") + std::string((const char*)&size, sizeof size) + library;
  if (system(("rm -rf " + at).c_str()) != 0) {
    return INVALID_INPUT;
  }
  return status == 0 ? SUCCESS : COMPILATION;
}

int nvrtcGetCUBINSize(void* program, size_t* size) {
  *size = ((Program*)program)->cubin.size();
  return SUCCESS;
}

int nvrtcGetCUBIN(void* program, char* cubin) {
  memcpy(cubin, ((Program*)program)->cubin.data(), ((Program*)program)->cubin.size());
  return SUCCESS;
}

int nvrtcGetProgramLogSize(void* program, size_t* size) {
  *size = ((Program*)program)->log.size() + 1;
  return SUCCESS;
}

int nvrtcGetProgramLog(void* program, char* log) {
  strcpy(log, ((Program*)program)->log.c_str());
  return SUCCESS;
}
}
