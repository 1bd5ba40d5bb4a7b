"""Gathers what bench/gpu/run left in a folder into results.json and results.md."""
import json
import pathlib
import re
import sys

CHECKS = ["doctor", "contract", "contract-cudnn", "selftest", "keras", "many-images", "ham10000-sample", "demo", "ham10000"]
EAGER, COMPILED, GRAPHS = "pytorch eager", "pytorch compiled", "pytorch compiled, graphs"
PYTORCH = [EAGER, COMPILED, GRAPHS]
LONGEST = 12
# what the CUDA backend is meant to reach beside PyTorch compiled: work, batch, precision, times as fast
TARGETS = [("training", 256, "bfloat16", 1.5), ("training", 32, "bfloat16", 2.0),
           ("inference", 1, "bfloat16", 1.2), ("inference", 32, "bfloat16", 1.2), ("inference", 256, "bfloat16", 1.2)]
PAPER_SECONDS = 120


def text(folder, name):
    file = folder / name
    return file.read_text(errors="replace") if file.exists() else ""


def status(folder, part):
    code = text(folder, part + ".status").strip()
    return {"": "not run", "0": "passed", "124": "took too long", "137": "was killed"}.get(code, "failed")


def seconds(folder, part):
    """How long a part took, all of it."""
    times = [float(t) for t in text(folder, part + ".times").split()]
    return times[1] - times[0] if len(times) == 2 else None


def met(value, is_met):
    return "not measured" if value is None else "met" if is_met(value) else "missed"


def targets(measured, paper):
    """
    :param paper: seconds of both stages of the paper with all that is before and after, None if they did not come to their end
    """
    found = {(t["framework"], t["work"], t["batch"], t["precision"]): t["images_per_second"] for t in measured if "images_per_second" in t}
    out = ["| target | is | |", "|---|---|---|"]
    for work, batch, precision, times in TARGETS:
        lentil, compiled = (found.get((f, work, batch, precision)) for f in ("lentil", COMPILED))
        ratio = lentil / compiled if lentil and compiled else None
        out.append(f"| {work}, batch {batch}, {precision}: {times} times PyTorch compiled | " + (f"{ratio:.2f}" if ratio else "-")
                   + f" | {met(ratio, lambda r: r >= times)} |")
    out.append(f"| both stages of the paper on all images, set-up included: {PAPER_SECONDS} s | " + (f"{paper:.0f} s" if paper else "-")
               + f" | {met(paper, lambda s: s <= PAPER_SECONDS)} |")
    return out


def machine(folder):
    """The card, its driver and the libraries, as the doctor and nvidia-smi name them."""
    cuda = re.search(r"cuda: (.*)", text(folder, "doctor.out"))
    driver = re.search(r"Driver Version: (\S+)", text(folder, "nvidia-smi.out"))
    build = re.search(r"git (\w+)", text(folder, "doctor.out"))
    return {"card": cuda and cuda[1], "driver": driver and driver[1], "lentil": build and build[1]}


def lines(folder, part):
    """One document per line; a program that was stopped may have left the last one unfinished."""
    found = []
    for line in text(folder, part + ".out").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            pass
    return found


def table(measured, copy):
    """Images per second; Lentil's counted traffic beside the copy; Lentil's speed in units of the fastest of PyTorch's."""
    found = {(t["framework"], t["work"], t["batch"], t["precision"]): t for t in measured if "images_per_second" in t}
    rows = sorted({key[1:] for key in found})
    if not rows:
        return ["nothing was timed"]
    head = ["work", "batch", "precision", "Lentil", *PYTORCH, "against compiled", "against the fastest", "Lentil, GB/s", "of the copy"]
    out = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for row in rows:
        speeds = [found.get((f, *row), {}).get("images_per_second") for f in ["lentil", *PYTORCH]]
        lentil, others = speeds[0], [s for s in speeds[1:] if s]
        moved = found.get(("lentil", *row), {}).get("gigabytes_per_second")
        ratios = [speeds[2], max(others) if others else None]
        out.append("| " + " | ".join([
            row[0], str(row[1]), row[2], *[f"{s:,.0f}" if s else "-" for s in speeds],
            *[f"{lentil / other:.2f}" if lentil and other else "-" for other in ratios],
            f"{moved:,.0f}" if moved else "-", f"{moved * 1e9 / copy:.0%}" if moved and copy else "-"]) + " |")
    return out


def rest(measured):
    """What of PyTorch's was left out or failed."""
    return [f"- {t['framework']}, {t['work']}, {t['batch']}, {t['precision']}: {t.get('left_out') or t['failed']}"
            for t in measured if "left_out" in t or "failed" in t]


def profile_tables(profiles, copy):
    """Where a run's time goes: by kind of step, then the longest steps."""
    out = []
    for profile in profiles:
        steps, total = profile["steps"], profile["microseconds"]
        out += ["", f"### {profile['work']}, batch {profile['batch']}, {profile['precision']}: {total:,.0f} us in {len(steps)} steps", "",
                "| step | of | us | share | GB/s | of the copy |", "|---|---|---|---|---|---|"]
        kinds = {}
        for step in steps:
            kinds.setdefault(step["step"], []).append(step)
        groups = [(kind, f"{len(of)} steps", of) for kind, of in kinds.items()]
        groups.sort(key=lambda group: -sum(step["microseconds"] for step in group[2]))
        single = [(step["step"], step["value"], [step]) for step in sorted(steps, key=lambda s: -s["microseconds"])[:LONGEST]]
        for kind, what, of in groups + single:
            time, moved = sum(s["microseconds"] for s in of), sum(s["bytes"] for s in of)
            speed = moved / time * 1e6 if time else 0
            out.append(f"| {kind} | {what} | {time:,.0f} | {time / total:.0%} | " + (f"{speed / 1e9:,.0f}" if moved else "-") + " | "
                       + (f"{speed / copy:.0%}" if moved and copy else "-") + " |")
    return out


def cudnn_table(timed):
    """What a step gains where cuDNN does an operation: images per second against own kernels throughout."""
    speeds = {(t["cudnn"], t["work"]): t["images_per_second"] for t in timed}
    works = sorted({t["work"] for t in timed})
    out = ["| by cuDNN | " + " | ".join(works) + " |", "|---|" + "---|" * len(works)]
    for choice in dict.fromkeys(t["cudnn"] for t in timed):
        cells = []
        for work in works:
            own, speed = speeds.get(("none", work)), speeds.get((choice, work))
            cells.append(f"{speed:,.0f} ({speed / own:.2f})" if own and speed else "-")
        out.append("| " + " | ".join([choice, *cells]) + " |")
    return out


def main():
    folder = pathlib.Path(sys.argv[1])
    cudnn, profiles = lines(folder, "cudnn-timing"), lines(folder, "profile")
    pytorch = lines(folder, "pytorch-timing")
    measured = lines(folder, "lentil-timing") + pytorch
    checks = {part: status(folder, part) for part in CHECKS}
    took = {part: seconds(folder, part) for part in CHECKS}
    copy = next((t["copy_bytes_per_second"] for t in measured if "copy_bytes_per_second" in t), None)
    (folder / "results.json").write_text(
        json.dumps({"machine": machine(folder), "checks": checks, "seconds": took, "timings": measured, "profiles": profiles, "cudnn": cudnn}, indent=2) + "\n")
    out = ["# Lentil on a graphics card", "", "```", text(folder, "doctor.out").strip(), "```", ""]
    out += [f"- {part}: {result}" + (f", {took[part]:.0f} s" if took[part] else "") for part, result in checks.items()]
    out += ["", *targets(measured, took["ham10000"] if checks["ham10000"] == "passed" else None)]
    out += ["", "Images per second, MobileNetV2 1.0 at 224x224. Lentil makes the batch of bytes on the card, in training with augmentation;",
            "PyTorch finds it there, ready. Inference from host copies it in every run. GB/s are the activations and gradients that a run",
            "reads and writes, counted from its steps.", ""]
    out += table(measured, copy)
    if copy:
        version = next(t["version"] for t in pytorch if "version" in t)
        out += ["", f"A copy on the card moves {copy / 1e9:,.0f} GB/s, read and written (PyTorch {version})."]
    if rest(pytorch):
        out += ["", "Not measured:", "", *rest(pytorch)]
    head = list(out)
    if profiles:
        out += ["", "## Step by step", "", f"Kinds of steps, then the {LONGEST} longest. Marks between the steps take time themselves."]
        out += profile_tables(profiles, copy)
    if cudnn:
        out += ["", f"Images per second with one operation after the other by cuDNN, float32, batches of {cudnn[0]['batch']}:", ""]
        out += cudnn_table(cudnn)
    if checks["ham10000"] != "not run":
        out += ["", "Both stages of the paper on HAM10000:", "", "```", *text(folder, "ham10000.out").strip().splitlines()[-30:], "```"]
    (folder / "results.md").write_text("\n".join(out) + "\n")
    # what is printed may be cut at the front where it is long
    print("\n".join(head))


main()
