#!/usr/bin/env python3
"""Whether the kernels that move memory have time to calculate, without a card: the instructions of their loops, as nvcc makes them.

    bench/gpu/instructions.py [--nvdisasm PATH] [--float32]

Needs nvcc, and nvdisasm of the CUDA toolkit or of the package triton (backends/nvidia/bin). A multiprocessor of compute
capability 9.0 starts four instructions a clock, each for 32 threads; of those of the pipe for integers, comparisons, selections
and conversions two; of loads and stores one. Beside the clocks that a round of the loop takes so at least stand those in which
its bytes come from memory: at 4.8 TB/s (H200) and 3.35 (H100), both at 1.755 GHz and with 132 multiprocessors. Caches, latencies
and what is before and after the loop are not in it. This is a count and not a measurement.
"""
import argparse
import collections
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

CLOCK, MULTIPROCESSORS, THREADS = 1.755e9, 132, 32
H200, H100 = 4.8e12, 3.35e12

# File, kernel, which of its loops counted from the longest, elements that a thread reads and writes in a round, and what a round is.
# The loops of depthwise kernels with stride 2 have two kinds of rounds and are not among them.
KERNELS = [
    ("batch_statistics", "batch_statistics", 0, 4 * 8, "four packs read"),
    ("normalize", "normalize_relu6", 0, 2 * 8, "a pack read and written"),
    ("normalize", "normalize_add", 0, 3 * 8, "two packs read, one written"),
    ("affine", "affine_relu6", 0, 2 * 8, "a pack read and written"),
    ("normalize_gradient", "normalize_sums_relu6", 0, 3 * 8, "two packs read, one written"),
    ("normalize_gradient", "normalize_batch_input_gradient", 0, 3 * 8, "two packs read, one written"),
    ("depthwise", "depthwise_normalized_measured", "stride 1", 2 * 8, "a line of a tile, stride 1"),
    ("depthwise", "depthwise_rectified_affine_relu6", "stride 1", 2 * 8, "a line of a tile, stride 1"),
    ("depthwise_backward", "depthwise_backward_between", "stride 1", 3 * 4 * 8, "three lines of a tile, stride 1"),
    ("depthwise_backward", "depthwise_backward_between", "stride 2", 2 * (8 + 8 + 2 + 2), "two lines of a tile, stride 2"),
]

# Most strips lie inside of the image as a whole: the branches for the others are left out.
USUAL = {"depthwise.cuh": ("return inside == (1u << SPAN) - 1u;", "return true;"),
         "depthwise.cu": ("if (pixels == STRIP) {", "if (true) {")}

FLOATING = {"FFMA", "FADD", "FMUL"}
MEMORY = {"LDG", "STG", "LD", "ST", "LDS", "STS", "LDL", "STL"}
CONTROL = {"BRA", "BSSY", "BSYNC", "EXIT", "BAR", "NOP", "WARPSYNC", "CALL", "RET", "BREAK", "LDC", "S2R", "R2UR", "CS2R"}


def pipe(opcode):
    name = opcode.split(".")[0]
    if name in FLOATING:
        return "floating"
    if name in MEMORY:
        return "memory"
    if name in CONTROL or name.startswith("U"):
        return "other"
    return "half"  # half as many a clock: integers, comparisons, selections, conversions, IMAD


def compiled(source, name, options, folder):
    for file in source.iterdir():
        text = file.read_text()
        question, answer = USUAL.get(file.name, ("", ""))
        if question not in text:
            sys.exit(f"{file} has no '{question}' any more: see what asks for whole spans, and mend this script")
        (folder / file.name).write_text(text.replace(question, answer) if question else text)
    cubin = folder / (name + ".cubin")
    subprocess.run(["nvcc", "-cubin", "-arch=sm_90", "-std=c++17", *options, "-o", cubin, folder / (name + ".cu")], check=True)
    return cubin


def loops(nvdisasm, cubin):
    """Of each kernel the innermost loops that read memory, the longest first."""
    text = subprocess.run([nvdisasm, "-c", cubin], check=True, capture_output=True, text=True).stdout
    kernels, instructions, labels = {}, [], {}
    for line in text.splitlines():
        if match := re.match(r"\s*\.section\s+\.text\.(\w+)", line):
            instructions, labels = [], {}
            kernels[match[1]] = (instructions, labels)
        elif match := re.match(r"(\.L\S+):", line):
            labels[match[1]] = len(instructions)
        elif match := re.match(r"\s+/\*[0-9a-f]+\*/\s+(?:@!?U?P\w+\s+)?(.*?);", line):
            instructions.append(match[1])
    found = {}
    for kernel, (instructions, labels) in kernels.items():
        spans = []
        for at, text in enumerate(instructions):
            match = re.match(r"BRA.*`\((\.L\S+)\)", text)
            if match and match[1] in labels and labels[match[1]] < at:
                spans.append((labels[match[1]], at + 1))
        inner = [s for s in spans if not any(o != s and s[0] <= o[0] and o[1] <= s[1] for o in spans)]
        bodies = [[t.split()[0] for t in instructions[a:b]] for a, b in inner]
        found[kernel] = sorted((b for b in bodies if any(o.startswith("LDG") for o in b)), key=len, reverse=True)
    return found


def chosen(candidates, which, name):
    if isinstance(which, int):
        return candidates[which]
    # Forward stride 2 loads more for a line; back stride 1 multiplies more, takes three lines at once, and has a loop for what is left.
    forward = "backward" not in name
    count = lambda c, opcode: sum(o.startswith(opcode) for o in c)
    arithmetic = [c for c in candidates if count(c, "FFMA") > 60]
    if len(arithmetic) != (2 if forward else 3):
        sys.exit(f"{name} has {len(arithmetic)} loops over tiles: see its code, and mend this script")
    by_stride = sorted(arithmetic, key=lambda c: count(c, "LDG") if forward else -count(c, "FFMA"))
    return by_stride[0 if which == "stride 1" else -1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nvdisasm", default=shutil.which("nvdisasm"))
    parser.add_argument("--float32", action="store_true", help="the kernels of float32 and TF32 instead of those of bfloat16")
    arguments = parser.parse_args()
    if not arguments.nvdisasm or not shutil.which("nvcc"):
        parser.error("nvcc and nvdisasm are needed; nvdisasm is in the CUDA toolkit and in the package triton, at backends/nvidia/bin")
    source = pathlib.Path(__file__).resolve().parents[2] / "kernels/src/main/cuda"
    options = [] if arguments.float32 else ["-DLENTIL_BF16"]
    print("| kernel | a round | instructions | floating point | half rate | loads, stores | clocks | of memory, H200 | H100 |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        cubins = {file: loops(arguments.nvdisasm, compiled(source, file, options, folder)) for file in {k[0] for k in KERNELS}}
        for file, kernel, which, elements, what in KERNELS:
            loop = chosen(cubins[file][kernel], which, kernel)
            count = collections.Counter(pipe(opcode) for opcode in loop)
            clocks = max(len(loop) / 4, count["half"] / 2, count["floating"] / 4, count["memory"])
            # A pack is 16 bytes in either type; a tile has the same pixels and channels.
            size = elements * 2 if "tile" not in what or not arguments.float32 else elements * 4
            moved = [THREADS * size / (bandwidth / MULTIPROCESSORS / CLOCK) for bandwidth in (H200, H100)]
            print(f"| `{kernel}` | {what} | {len(loop)} | {count['floating']} | {count['half']} | {count['memory']} | {clocks:.0f} "
                  f"| {moved[0]:.0f} | {moved[1]:.0f} |")


main()
