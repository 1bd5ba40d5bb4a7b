// A CUDA driver without a card, for tests: the calls of libcuda.so.1 that Lentil makes, on host memory. Kernels are shared
// libraries that emulated_nvrtc.cpp built from the .cu files; a launch runs their arithmetic here.
//
// It is stricter than a card: new memory is filled with not-a-number, guard zones around each allocation are checked after
// each launch, copies must lie inside one allocation, what a capturing stream forbids is refused to every thread and ends the
// recording, and every handle and allocation is counted.
#define EMULATION_DRIVER
#include "emulation.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <ucontext.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

enum {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  NO_DEVICE = 100,
  INVALID_DEVICE = 101,
  INVALID_IMAGE = 200,
  INVALID_CONTEXT = 201,
  INVALID_HANDLE = 400,
  NOT_FOUND = 500,
  ILLEGAL_ADDRESS = 700,
  CONTEXT_IS_DESTROYED = 709,
  LAUNCH_FAILED = 719,
  CAPTURE_UNSUPPORTED = 900,
  CAPTURE_INVALIDATED = 901,
  CAPTURE_IMPLICIT = 906
};

typedef std::function<void()> Task;

namespace {
std::recursive_mutex lock;
#define LOCKED std::lock_guard<std::recursive_mutex> guard(lock)

// ---- settings and counts that tests read and write ----

int initialized = 0;
int sticky = SUCCESS;
int devices = 1;
int architecture = 90;
int failNextLaunch = SUCCESS;
int refusesRecording = 0;
// How many events can still be made before one cannot; negative for any number.
int eventsLeft = -1;
// The same of modules.
int modulesLeft = -1;
size_t memory = (size_t)4 << 30;
size_t used = 0;
// What another program takes between a look at the free memory and the next allocation.
size_t taken = 0;
// Of the host's memory, what may be pinned at most, and what is.
size_t pinnable = SIZE_MAX;
size_t pinnedBytes = 0;
int reversed = 0;
// Whether streams do their work as late as they may: when somebody waits for it. Otherwise at once.
int late = 0;
long launches = 0;
long graphLaunches = 0;
// Copies from pinned memory that have been made, not those that wait in a stream.
long uploads = 0;
// How often each kernel has run, by its name.
std::map<std::string, long> runs;

// ---- memory ----

const size_t GUARD = 256;
const unsigned char GUARD_BYTE = 0xA5;

struct Block {
  unsigned char* start;
  size_t size;
};
std::map<size_t, Block> blocks;
struct Pinned {
  size_t size;
  // Copies from or to it that a stream was given and has not made.
  int copies = 0;
};
std::map<void*, Pinned> pinned;

bool guardsHold(const Block& block) {
  for (size_t i = 0; i < GUARD; i++) {
    if (block.start[i] != GUARD_BYTE || block.start[GUARD + block.size + i] != GUARD_BYTE) {
      return false;
    }
  }
  return true;
}

bool inside(size_t address, size_t size) {
  auto at = blocks.upper_bound(address);
  if (at == blocks.begin()) {
    return false;
  }
  --at;
  return address + size <= at->first + at->second.size;
}

// ---- streams, graphs, modules ----

struct Graph {
  std::vector<Task> tasks;
};
struct Stream {
  void* context;
  std::unique_ptr<Graph> capture;
  std::thread::id capturer;
  bool invalidated = false;
  std::deque<Task> waiting;
};
struct Module {
  void* library;
  std::string path;
};
struct Function {
  Call* (*bind)(void**);
  std::string name;
};

std::map<void*, std::unique_ptr<Stream>> streams;
std::map<void*, std::unique_ptr<Graph>> graphs;
std::map<void*, std::unique_ptr<Graph>> executables;
std::map<void*, std::unique_ptr<Module>> modules;
std::map<void*, std::unique_ptr<Function>> functions;
struct Event {
  bool timed;
  double milliseconds = -1;
  // In which stream it was recorded last; how often it was, and how many of these marks have been reached.
  void* stream = nullptr;
  long recorded = 0;
  long reached = 0;
};
std::map<void*, std::unique_ptr<Event>> events;
// How often each card's context was taken and not given back.
std::map<void*, int> contexts;
thread_local void* currentContext = nullptr;

// What nearly every call needs of the thread that makes it.
int withoutContext() {
  return !currentContext ? INVALID_CONTEXT : contexts[currentContext] == 0 ? CONTEXT_IS_DESTROYED : SUCCESS;
}
#define IN_CONTEXT                        \
  LOCKED;                                 \
  if (int missing = withoutContext()) {   \
    return missing;                       \
  }

void runNext(Stream& stream) {
  Task task = std::move(stream.waiting.front());
  stream.waiting.pop_front();
  task();
}

void finish(void* handle) {
  auto at = streams.find(handle);
  while (at != streams.end() && !at->second->waiting.empty()) {
    runNext(*at->second);
  }
}

void finishAll() {
  for (auto& stream : streams) {
    finish(stream.first);
  }
}

// Lets an event's stream go on until it has passed one of the event's marks.
void reach(void* handle, long mark) {
  auto event = events.find(handle);
  if (event == events.end()) {
    return;
  }
  auto stream = streams.find(event->second->stream);
  while (event->second->reached < mark && stream != streams.end() && !stream->second->waiting.empty()) {
    runNext(*stream->second);
  }
}

// What the legacy stream does, or waits for the whole context: while a stream of the context is recorded, by whatever thread,
// it is refused, and the recording fails. For a true card some of the calls are no more than likely to be of that kind.
int apartFromRecordings() {
  int result = SUCCESS;
  for (auto& stream : streams) {
    if (stream.second->capture && stream.second->context == currentContext) {
      stream.second->invalidated = true;
      result = CAPTURE_IMPLICIT;
    }
  }
  return result;
}

// What only the thread that records may not do.
int unlessRecording() {
  int result = SUCCESS;
  for (auto& stream : streams) {
    if (stream.second->capture && stream.second->capturer == std::this_thread::get_id()) {
      stream.second->invalidated = true;
      result = CAPTURE_UNSUPPORTED;
    }
  }
  return result;
}

// ---- threads of a block as fibers ----

Emulation machine;

struct Fiber {
  ucontext_t context;
  jmp_buf at;
  std::vector<char> stack;
  bool started = false;
  bool done = true;
};
std::vector<std::unique_ptr<Fiber>> fibers;
jmp_buf scheduler;
size_t current;
Call* running;

void fiberMain() {
  for (;;) {
    running->run();
    fibers[current]->done = true;
    if (_setjmp(fibers[current]->at) == 0) {
      _longjmp(scheduler, 1);
    }
  }
}

void barrier() {
  if (_setjmp(fibers[current]->at) == 0) {
    _longjmp(scheduler, 1);
  }
}

void resume(size_t i) {
  current = i;
  machine.threadIdx = {(unsigned)(i % machine.blockDim.x), (unsigned)(i / machine.blockDim.x % machine.blockDim.y),
                       (unsigned)(i / machine.blockDim.x / machine.blockDim.y)};
  if (_setjmp(scheduler) == 0) {
    Fiber& fiber = *fibers[i];
    if (!fiber.started) {
      fiber.started = true;
      setcontext(&fiber.context);
    }
    _longjmp(fiber.at, 1);
  }
}

// One pass lets every thread run to its next barrier or its end; a block in which some end while others wait has a barrier
// that not all threads reach.
bool runBlock(size_t threads) {
  while (fibers.size() < threads) {
    auto fiber = std::make_unique<Fiber>();
    fiber->stack.resize(64 * 1024);
    getcontext(&fiber->context);
    fiber->context.uc_stack.ss_sp = fiber->stack.data();
    fiber->context.uc_stack.ss_size = fiber->stack.size();
    fiber->context.uc_link = nullptr;
    makecontext(&fiber->context, fiberMain, 0);
    fibers.push_back(std::move(fiber));
  }
  for (size_t i = 0; i < threads; i++) {
    fibers[i]->done = false;
  }
  for (;;) {
    size_t ended = 0;
    for (size_t i = 0; i < threads; i++) {
      size_t thread = reversed ? threads - 1 - i : i;
      resume(thread);
      ended += fibers[thread]->done ? 1 : 0;
    }
    if (ended == threads) {
      return true;
    }
    if (ended > 0) {
      fprintf(stderr, "emulated driver: a barrier that only some threads of the block reach\n");
      fibers.clear();
      return false;
    }
  }
}

void runGrid(Call* call, Index3 grid, Index3 block) {
  launches++;
  if (failNextLaunch != SUCCESS) {
    sticky = failNextLaunch;
    failNextLaunch = SUCCESS;
  }
  if (sticky != SUCCESS) {
    return;
  }
  running = call;
  machine.gridDim = grid;
  machine.blockDim = block;
  machine.barrier = barrier;
  size_t count = (size_t)grid.x * grid.y * grid.z;
  for (size_t n = 0; n < count; n++) {
    size_t b = reversed ? count - 1 - n : n;
    machine.blockIdx = {(unsigned)(b % grid.x), (unsigned)(b / grid.x % grid.y), (unsigned)(b / grid.x / grid.y)};
    if (!runBlock((size_t)block.x * block.y * block.z)) {
      sticky = LAUNCH_FAILED;
      return;
    }
  }
  for (auto& each : blocks) {
    if (!guardsHold(each.second)) {
      fprintf(stderr, "emulated driver: a kernel wrote outside its memory\n");
      sticky = ILLEGAL_ADDRESS;
    }
  }
}
}  // namespace

extern "C" {

// ---- for the other emulated libraries and for tests ----

int emulated_enqueue(void* handle, const Task* task) {
  LOCKED;
  auto at = streams.find(handle);
  if (at == streams.end()) {
    return INVALID_HANDLE;
  }
  if (at->second->context != currentContext) {
    return INVALID_CONTEXT;
  }
  if (at->second->invalidated) {
    return CAPTURE_INVALIDATED;
  }
  if (at->second->capture) {
    at->second->capture->tasks.push_back(*task);
  } else if (late) {
    at->second->waiting.push_back(*task);
  } else {
    (*task)();
  }
  return SUCCESS;
}

int emulated_apart_from_recordings() {
  LOCKED;
  return apartFromRecordings();
}

int emulated_is_device_memory(const void* address, size_t size) {
  LOCKED;
  return inside((size_t)address, size);
}

// Everything that was made and not yet given back.
int emulated_live() {
  LOCKED;
  return (int)(blocks.size() + pinned.size() + streams.size() + graphs.size() + executables.size() + modules.size() +
               events.size()) +
         std::accumulate(contexts.begin(), contexts.end(), 0, [](int sum, auto& each) { return sum + each.second; });
}

// How much streams were given and have not begun, which can only be where they work late.
int emulated_waiting() {
  LOCKED;
  size_t waiting = 0;
  for (auto& stream : streams) {
    waiting += stream.second->waiting.size();
  }
  return (int)waiting;
}

long emulated_launches() { return launches; }
long emulated_graph_launches() { return graphLaunches; }
long emulated_uploads() { return uploads; }

long emulated_runs(const char* kernel) {
  LOCKED;
  return runs[kernel];
}

void emulated_set_reversed(int value) { reversed = value; }

void emulated_set_late(int value) {
  LOCKED;
  finishAll();
  late = value;
}
void emulated_set_memory(size_t bytes) { memory = bytes; }
void emulated_set_taken(size_t bytes) { taken = bytes; }
void emulated_set_pinnable(size_t bytes) { pinnable = bytes; }
void emulated_set_devices(int count) { devices = count; }
void emulated_set_architecture(int value) { architecture = value; }
void emulated_fail_next_launch(int error) { failNextLaunch = error; }
void emulated_set_events_left(int count) { eventsLeft = count; }
void emulated_set_modules_left(int count) { modulesLeft = count; }
void emulated_recover() { sticky = SUCCESS; }
void emulated_refuse_recording(int value) { refusesRecording = value; }

// ---- the driver ----

int cuInit(unsigned) {
  if (devices == 0) {
    return NO_DEVICE;
  }
  initialized = 1;
  return SUCCESS;
}

int cuDriverGetVersion(int* version) {
  *version = 13000;
  return SUCCESS;
}

int cuDeviceGetCount(int* count) {
  *count = devices;
  return initialized ? SUCCESS : NOT_INITIALIZED;
}

int cuDeviceGet(int* device, int ordinal) {
  *device = ordinal;
  return !initialized ? NOT_INITIALIZED : ordinal < 0 || ordinal >= devices ? INVALID_DEVICE : SUCCESS;
}

int cuDeviceGetName(char* name, int length, int device) {
  snprintf(name, length, "Emulated card %d", device);
  return SUCCESS;
}

int cuDeviceGetAttribute(int* value, int attribute, int) {
  // 75 and 76: compute capability
  *value = attribute == 75 ? architecture / 10 : attribute == 76 ? architecture % 10 : 0;
  return SUCCESS;
}

int cuDeviceTotalMem_v2(size_t* bytes, int) {
  *bytes = memory;
  return SUCCESS;
}

static void* contextOf(int device) { return (void*)(size_t)(0x1000 + device); }

int cuDevicePrimaryCtxRetain(void** context, int device) {
  LOCKED;
  *context = contextOf(device);
  contexts[*context]++;
  return SUCCESS;
}

int cuDevicePrimaryCtxRelease_v2(int device) {
  LOCKED;
  finishAll();
  if (contexts[contextOf(device)] == 0) {
    return INVALID_CONTEXT;
  }
  contexts[contextOf(device)]--;
  return SUCCESS;
}

int cuCtxSetCurrent(void* context) {
  LOCKED;
  if (context && contexts[context] == 0) {
    return INVALID_CONTEXT;
  }
  currentContext = context;
  return SUCCESS;
}

int cuGetErrorName(int error, const char** name) {
  static std::map<int, const char*> names = {{INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE"},
                                             {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY"},
                                             {NO_DEVICE, "CUDA_ERROR_NO_DEVICE"},
                                             {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE"},
                                             {INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE"},
                                             {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS"},
                                             {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED"},
                                             {CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED"},
                                             {CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED"},
                                             {CAPTURE_IMPLICIT, "CUDA_ERROR_STREAM_CAPTURE_IMPLICIT"}};
  auto at = names.find(error);
  *name = at == names.end() ? "CUDA_ERROR" : at->second;
  return SUCCESS;
}

int cuGetErrorString(int, const char** text) {
  *text = "as the emulated driver was told";
  return SUCCESS;
}

int cuMemGetInfo_v2(size_t* free, size_t* total) {
  IN_CONTEXT;
  *free = memory - used;
  *total = memory;
  return sticky;
}

int cuMemAlloc_v2(size_t* address, size_t size) {
  IN_CONTEXT;
  if (int refused = apartFromRecordings()) {
    return refused;
  }
  if (size == 0) {
    return INVALID_VALUE;
  }
  if (used + taken + size > memory) {
    return OUT_OF_MEMORY;
  }
  Block block = {(unsigned char*)aligned_alloc(GUARD, (size + 3 * GUARD) / GUARD * GUARD), size};
  memset(block.start, GUARD_BYTE, size + 2 * GUARD);
  memset(block.start + GUARD, 0xFF, size);
  *address = (size_t)(block.start + GUARD);
  blocks[*address] = block;
  used += size;
  return SUCCESS;
}

int cuMemFree_v2(size_t address) {
  IN_CONTEXT;
  if (int refused = apartFromRecordings()) {
    return refused;
  }
  finishAll();
  auto at = blocks.find(address);
  if (at == blocks.end()) {
    return INVALID_VALUE;
  }
  bool held = guardsHold(at->second);
  used -= at->second.size;
  free(at->second.start);
  blocks.erase(at);
  return held ? sticky : ILLEGAL_ADDRESS;
}

int cuMemAllocHost_v2(void** address, size_t size) {
  IN_CONTEXT;
  if (int refused = apartFromRecordings()) {
    return refused;
  }
  if (pinnedBytes + size > pinnable) {
    return OUT_OF_MEMORY;
  }
  *address = malloc(size);
  pinned[*address] = Pinned{size};
  pinnedBytes += size;
  return SUCCESS;
}

int cuMemFreeHost(void* address) {
  IN_CONTEXT;
  if (int refused = apartFromRecordings()) {
    return refused;
  }
  auto at = pinned.find(address);
  if (at == pinned.end()) {
    return INVALID_VALUE;
  }
  // The driver's documentation does not say that it waits for them.
  bool unused = at->second.copies == 0;
  if (!unused) {
    fprintf(stderr, "emulated driver: pinned memory is given back before it was copied\n");
  }
  finishAll();
  pinnedBytes -= at->second.size;
  pinned.erase(at);
  free(address);
  return unused ? sticky : INVALID_VALUE;
}

// Gives a stream a copy from or to host memory, which is busy until it is made.
static int enqueueCopy(void* stream, const void* host, const Task& copy) {
  auto at = pinned.find((void*)host);
  if (at == pinned.end()) {
    return emulated_enqueue(stream, &copy);
  }
  at->second.copies++;
  Task task = [=] {
    copy();
    pinned.at((void*)host).copies--;
  };
  int result = emulated_enqueue(stream, &task);
  at->second.copies -= result == SUCCESS ? 0 : 1;
  return result;
}

int cuMemcpyHtoD_v2(size_t to, const void* from, size_t size) {
  IN_CONTEXT;
  if (int refused = apartFromRecordings()) {
    return refused;
  }
  if (!inside(to, size)) {
    return INVALID_VALUE;
  }
  finishAll();
  memcpy((void*)to, from, size);
  return sticky;
}

int cuMemcpyDtoH_v2(void* to, size_t from, size_t size) {
  IN_CONTEXT;
  if (int refused = apartFromRecordings()) {
    return refused;
  }
  if (!inside(from, size)) {
    return INVALID_VALUE;
  }
  finishAll();
  memcpy(to, (void*)from, size);
  return sticky;
}

int cuMemcpyDtoDAsync_v2(size_t to, size_t from, size_t size, void* stream) {
  IN_CONTEXT;
  if (!inside(to, size) || !inside(from, size)) {
    return INVALID_VALUE;
  }
  Task task = [=] { memcpy((void*)to, (void*)from, size); };
  return emulated_enqueue(stream, &task);
}

int cuMemcpyHtoDAsync_v2(size_t to, const void* from, size_t size, void* stream) {
  IN_CONTEXT;
  if (!inside(to, size)) {
    return INVALID_VALUE;
  }
  Task task = [=] {
    uploads++;
    memcpy((void*)to, from, size);
  };
  return enqueueCopy(stream, from, task);
}

int cuMemcpyDtoHAsync_v2(void* to, size_t from, size_t size, void* stream) {
  IN_CONTEXT;
  if (!inside(from, size)) {
    return INVALID_VALUE;
  }
  Task task = [=] { memcpy(to, (void*)from, size); };
  return enqueueCopy(stream, to, task);
}

int cuMemsetD8_v2(size_t to, unsigned char byte, size_t size) {
  IN_CONTEXT;
  if (int refused = apartFromRecordings()) {
    return refused;
  }
  if (!inside(to, size)) {
    return INVALID_VALUE;
  }
  finishAll();
  memset((void*)to, byte, size);
  return sticky;
}

int cuMemsetD8Async(size_t to, unsigned char byte, size_t size, void* stream) {
  IN_CONTEXT;
  if (!inside(to, size)) {
    return INVALID_VALUE;
  }
  Task task = [=] { memset((void*)to, byte, size); };
  return emulated_enqueue(stream, &task);
}

int cuStreamCreate(void** handle, unsigned) {
  IN_CONTEXT;
  auto stream = std::make_unique<Stream>();
  stream->context = currentContext;
  *handle = stream.get();
  streams[*handle] = std::move(stream);
  return SUCCESS;
}

int cuStreamDestroy_v2(void* handle) {
  IN_CONTEXT;
  finish(handle);
  return streams.erase(handle) ? sticky : INVALID_HANDLE;
}

int cuStreamSynchronize(void* handle) {
  IN_CONTEXT;
  auto at = streams.find(handle);
  if (at == streams.end() || at->second->capture) {
    return at == streams.end() ? INVALID_HANDLE : CAPTURE_UNSUPPORTED;
  }
  finish(handle);
  return sticky;
}

int cuEventCreate(void** handle, unsigned flags) {
  IN_CONTEXT;
  if (eventsLeft == 0) {
    return OUT_OF_MEMORY;
  }
  eventsLeft -= eventsLeft > 0 ? 1 : 0;
  // 2: CU_EVENT_DISABLE_TIMING
  auto event = std::make_unique<Event>(Event{(flags & 2) == 0});
  *handle = event.get();
  events[*handle] = std::move(event);
  return SUCCESS;
}

int cuEventDestroy_v2(void* handle) {
  IN_CONTEXT;
  return events.erase(handle) ? sticky : INVALID_HANDLE;
}

int cuEventRecord(void* handle, void* stream) {
  IN_CONTEXT;
  if (!events.count(handle) || !streams.count(stream)) {
    return INVALID_HANDLE;
  }
  events[handle]->stream = stream;
  long mark = ++events[handle]->recorded;
  Task task = [=] {
    auto event = events.find(handle);
    if (event != events.end()) {
      event->second->reached = mark;
    }
  };
  return emulated_enqueue(stream, &task);
}

int cuStreamWaitEvent(void* stream, void* handle, unsigned) {
  IN_CONTEXT;
  if (!events.count(handle) || !streams.count(stream)) {
    return INVALID_HANDLE;
  }
  long mark = events[handle]->recorded;
  Task task = [=] { reach(handle, mark); };
  return emulated_enqueue(stream, &task);
}

// 1: CU_EVENT_RECORD_EXTERNAL, for a recording stream only; without it such a stream would record an order, not a time.
int cuEventRecordWithFlags(void* handle, void* stream, unsigned flags) {
  IN_CONTEXT;
  if (!events.count(handle) || !streams.count(stream)) {
    return INVALID_HANDLE;
  }
  if ((flags == 1) != (streams[stream]->capture != nullptr)) {
    return INVALID_VALUE;
  }
  Task task = [=] {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    events.at(handle)->milliseconds = now.tv_sec * 1e3 + now.tv_nsec / 1e6;
  };
  return emulated_enqueue(stream, &task);
}

int cuEventElapsedTime(float* milliseconds, void* from, void* to) {
  IN_CONTEXT;
  for (void* handle : {from, to}) {
    if (!events.count(handle) || !events[handle]->timed || events[handle]->milliseconds < 0) {
      return INVALID_HANDLE;
    }
  }
  *milliseconds = (float)(events[to]->milliseconds - events[from]->milliseconds);
  return sticky;
}

int cuEventSynchronize(void* handle) {
  IN_CONTEXT;
  if (!events.count(handle)) {
    return INVALID_HANDLE;
  }
  if (int refused = unlessRecording()) {
    return refused;
  }
  reach(handle, events[handle]->recorded);
  return sticky;
}

int cuStreamBeginCapture_v2(void* handle, int) {
  IN_CONTEXT;
  auto at = streams.find(handle);
  if (at == streams.end()) {
    return INVALID_HANDLE;
  }
  at->second->capture = std::make_unique<Graph>();
  at->second->capturer = std::this_thread::get_id();
  return SUCCESS;
}

int cuStreamEndCapture(void* handle, void** graph) {
  IN_CONTEXT;
  auto at = streams.find(handle);
  if (at == streams.end() || !at->second->capture) {
    return INVALID_HANDLE;
  }
  if (refusesRecording || at->second->invalidated) {
    at->second->capture.reset();
    at->second->invalidated = false;
    *graph = nullptr;
    return CAPTURE_INVALIDATED;
  }
  *graph = at->second->capture.get();
  graphs[*graph] = std::move(at->second->capture);
  return SUCCESS;
}

int cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long) {
  IN_CONTEXT;
  auto at = graphs.find(graph);
  if (at == graphs.end()) {
    return INVALID_HANDLE;
  }
  auto copy = std::make_unique<Graph>(*at->second);
  *executable = copy.get();
  executables[*executable] = std::move(copy);
  return SUCCESS;
}

int cuGraphLaunch(void* executable, void* stream) {
  IN_CONTEXT;
  auto at = executables.find(executable);
  if (at == executables.end() || streams.find(stream) == streams.end()) {
    return INVALID_HANDLE;
  }
  graphLaunches++;
  Task task = [tasks = at->second->tasks] {
    for (auto& each : tasks) {
      each();
    }
  };
  int result = emulated_enqueue(stream, &task);
  return result != SUCCESS ? result : sticky;
}

int cuGraphExecDestroy(void* executable) {
  IN_CONTEXT;
  return executables.erase(executable) ? sticky : INVALID_HANDLE;
}

int cuGraphDestroy(void* graph) {
  IN_CONTEXT;
  return graphs.erase(graph) ? SUCCESS : INVALID_HANDLE;
}

// The image is what emulated_nvrtc.cpp calls a cubin: a shared library.
int cuModuleLoadData(void** handle, const void* image) {
  IN_CONTEXT;
  if (int refused = apartFromRecordings()) {
    return refused;
  }
  if (modulesLeft == 0) {
    return OUT_OF_MEMORY;
  }
  modulesLeft -= modulesLeft > 0 ? 1 : 0;
  size_t size;
  if (memcmp(image, "EMULATED", 8) != 0) {
    return INVALID_IMAGE;
  }
  memcpy(&size, (const char*)image + 8, sizeof size);
  char path[] = "/tmp/emulated_module_XXXXXX";
  int descriptor = mkstemp(path);
  FILE* file = fdopen(descriptor, "wb");
  fwrite((const char*)image + 8 + sizeof size, 1, size, file);
  fclose(file);
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  remove(path);
  if (!library) {
    fprintf(stderr, "emulated driver: %s\n", dlerror());
    return INVALID_IMAGE;
  }
  *(Emulation**)dlsym(library, "emulation") = &machine;
  auto module = std::make_unique<Module>(Module{library, path});
  *handle = module.get();
  modules[*handle] = std::move(module);
  return SUCCESS;
}

int cuModuleUnload(void* handle) {
  IN_CONTEXT;
  if (int refused = apartFromRecordings()) {
    return refused;
  }
  finishAll();
  auto at = modules.find(handle);
  if (at == modules.end()) {
    return INVALID_HANDLE;
  }
  dlclose(at->second->library);
  modules.erase(at);
  return sticky;
}

int cuModuleGetFunction(void** handle, void* module, const char* name) {
  IN_CONTEXT;
  if (int refused = apartFromRecordings()) {
    return refused;
  }
  auto at = modules.find(module);
  if (at == modules.end()) {
    return INVALID_HANDLE;
  }
  void* symbol = dlsym(at->second->library, ("bind_" + std::string(name)).c_str());
  if (!symbol) {
    return NOT_FOUND;
  }
  auto function = std::make_unique<Function>(Function{(Call * (*)(void**)) symbol, name});
  *handle = function.get();
  functions[*handle] = std::move(function);
  return SUCCESS;
}

int cuLaunchKernel(void* handle, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
                   unsigned blockZ, unsigned, void* stream, void** arguments, void**) {
  IN_CONTEXT;
  auto at = functions.find(handle);
  if (at == functions.end()) {
    return INVALID_HANDLE;
  }
  size_t threads = (size_t)blockX * blockY * blockZ;
  if (threads == 0 || threads > 1024 || gridX == 0 || gridY == 0 || gridZ == 0 || gridY > 65535 || gridZ > 65535) {
    return INVALID_VALUE;
  }
  std::shared_ptr<Call> call(at->second->bind(arguments));
  Index3 grid = {gridX, gridY, gridZ};
  Index3 block = {blockX, blockY, blockZ};
  Task task = [=, name = at->second->name] {
    runs[name]++;
    runGrid(call.get(), grid, block);
  };
  int result = emulated_enqueue(stream, &task);
  return result != SUCCESS ? result : sticky;
}
}
