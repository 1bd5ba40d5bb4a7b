"""Gathers what bench/gpu/run left in a folder into results.json and results.md."""
import json
import pathlib
import sys

CHECKS = ["doctor", "contract", "contract-cudnn", "selftest", "demo", "ham10000"]
FRAMEWORKS = ["lentil", "pytorch eager", "pytorch compiled"]


def text(folder, name):
    file = folder / name
    return file.read_text(errors="replace") if file.exists() else ""


def status(folder, part):
    code = text(folder, part + ".status").strip()
    return {"": "not run", "0": "passed", "124": "took too long"}.get(code, "failed")


def timings(folder, part):
    try:
        return json.loads(text(folder, part + ".out"))
    except ValueError:
        return []


def table(measured):
    rows = sorted({(t["work"], t["batch"], t["precision"]) for t in measured if "work" in t})
    found = {(t["framework"], t["work"], t["batch"], t["precision"]): t["images_per_second"] for t in measured if "work" in t}
    lines = ["| work | batch | precision | " + " | ".join(FRAMEWORKS) + " | against compiled |",
             "|---|---|---|" + "---|" * (len(FRAMEWORKS) + 1)]
    for row in rows:
        speeds = [found.get((f, *row)) for f in FRAMEWORKS]
        ratio = f"{speeds[0] / speeds[2]:.2f}" if speeds[0] and speeds[2] else "-"
        cells = [f"{s:,.0f}" if s else "-" for s in speeds]
        lines.append("| " + " | ".join([row[0], str(row[1]), row[2], *cells, ratio]) + " |")
    return lines if rows else ["nothing was timed"]


def cudnn_table(timed):
    """What a step gains where cuDNN does an operation: images per second against own kernels throughout."""
    speeds = {(t["cudnn"], t["work"]): t["images_per_second"] for t in timed}
    works = sorted({t["work"] for t in timed})
    lines = ["| by cuDNN | " + " | ".join(works) + " |", "|---|" + "---|" * len(works)]
    for choice in dict.fromkeys(t["cudnn"] for t in timed):
        cells = []
        for work in works:
            own, speed = speeds.get(("none", work)), speeds.get((choice, work))
            cells.append(f"{speed:,.0f} ({speed / own:.2f})" if own and speed else "-")
        lines.append("| " + " | ".join([choice, *cells]) + " |")
    return lines


def main():
    folder = pathlib.Path(sys.argv[1])
    cudnn = timings(folder, "cudnn-timing")
    measured = timings(folder, "lentil-timing") + timings(folder, "pytorch-timing")
    checks = {part: status(folder, part) for part in CHECKS}
    copies = [t["copy_bytes_per_second"] for t in measured if "copy_bytes_per_second" in t]
    (folder / "results.json").write_text(json.dumps({"checks": checks, "timings": measured, "cudnn": cudnn}, indent=2) + "\n")
    lines = ["# Lentil on a graphics card", "", "```", text(folder, "doctor.out").strip(), "```", ""]
    lines += [f"- {part}: {result}" for part, result in checks.items()]
    lines += ["", "Images per second, MobileNetV2 1.0 at 224x224. Inference copies the batch from the host in every run. In training Lentil makes",
              "it of bytes on the card, augmentation and all; PyTorch finds it there, ready:", ""]
    lines += table(measured)
    if cudnn:
        lines += ["", f"Images per second with one operation after the other by cuDNN, float32, batches of {cudnn[0]['batch']}:", ""]
        lines += cudnn_table(cudnn)
    if copies:
        lines += ["", f"Copy on the card: {copies[0] / 1e9:,.0f} GB/s, read and written."]
    if checks["ham10000"] != "not run":
        lines += ["", "Shortened run on HAM10000:", "", "```", *text(folder, "ham10000.out").strip().splitlines()[-30:], "```"]
    (folder / "results.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


main()
