"""Times PyTorch's MobileNetV2 as StepTiming times Lentil's: same network, batch sizes and rounds, channels last.

usage: pytorch_timing.py [--device cpu] [--size 224] [--only FRAMEWORK] BUDGET SECONDS BATCH...

Prints one JSON object per line, each as soon as it is measured. What is worth most comes first: compiling takes long, and a measurement
for which the rest of BUDGET (seconds) is too short, going by the longest of its kind so far, is left out and named. SECONDS is the length
of a round.
"""
import argparse
import json
import statistics
import sys
import time

import torch
from torch import nn

ROUNDS, WARM_UP = 5, 3
EAGER, COMPILED, GRAPHS = "pytorch eager", "pytorch compiled", "pytorch compiled, graphs"


class Block(nn.Module):
    """An inverted residual (Sandler et al. 2018, table 1)."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        wide = inputs * expansion
        layers = [] if expansion == 1 else [nn.Conv2d(inputs, wide, 1, bias=False), nn.BatchNorm2d(wide), nn.ReLU6(True)]
        layers += [nn.Conv2d(wide, wide, 3, stride, 1, groups=wide, bias=False), nn.BatchNorm2d(wide), nn.ReLU6(True),
                   nn.Conv2d(wide, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.layers = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.layers(x) if self.residual else self.layers(x)


def mobilenet():
    layers = [nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6(True)]
    channels = 32
    for expansion, outputs, repeats, stride in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
                                                (6, 160, 3, 2), (6, 320, 1, 1)]:
        for i in range(repeats):
            layers.append(Block(channels, outputs, stride if i == 0 else 1, expansion))
            channels = outputs
    layers += [nn.Conv2d(320, 1280, 1, bias=False), nn.BatchNorm2d(1280), nn.ReLU6(True), nn.AdaptiveAvgPool2d(1),
               nn.Flatten(), nn.Dropout(0.3), nn.Linear(1280, 1)]
    return nn.Sequential(*layers)


class Card:
    """Where it runs; "cpu" only serves to try this program out."""

    def __init__(self, device):
        self.device = device

    def finish(self):
        if self.device == "cuda":
            torch.cuda.synchronize()

    def name(self):
        return torch.cuda.get_device_name() if self.device == "cuda" else "cpu"

    def on_host(self, images):
        return images.pin_memory() if self.device == "cuda" else images

    def measure(self, run, seconds):
        """Milliseconds of a run, the median."""
        for _ in range(WARM_UP):
            run()
        self.finish()
        rounds = []
        for _ in range(ROUNDS):
            start, runs = time.perf_counter(), 0
            while time.perf_counter() - start < seconds:
                for _ in range(8):
                    run()
                runs += 8
                self.finish()
            rounds.append((time.perf_counter() - start) * 1e3 / runs)
        return statistics.median(rounds)

    def copy_bandwidth(self):
        """Bytes per second, read and written, of a copy on the card."""
        source = torch.empty(1 << (28 if self.device == "cuda" else 24), dtype=torch.float32, device=self.device)
        target = torch.empty_like(source)
        milliseconds = self.measure(lambda: target.copy_(source), 0.2)
        return 2 * source.numel() * 4 / (milliseconds / 1e3)


def compiled(model, framework):
    if framework == EAGER:
        return model
    # Otherwise the second network would be compiled for batches of any size, and serve for all after it.
    torch._dynamo.reset()
    return torch.compile(model, dynamic=False, mode="reduce-overhead" if framework == GRAPHS else None)


def classifier(card, precision, framework):
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
    return compiled(mobilenet().to(card.device, dtype, memory_format=torch.channels_last).eval(), framework), dtype


def inference(card, size, batch, precision, framework):
    # A batch that is there and ready, where Lentil makes one of bytes.
    forward, dtype = classifier(card, precision, framework)
    images = torch.rand(batch, 3, size, size).contiguous(memory_format=torch.channels_last).to(card.device, dtype)

    def run():
        with torch.inference_mode():
            forward(images)
    return run


def inference_from_host(card, size, batch, precision, framework):
    # Copied from pinned memory in every run, in float32; Lentil's batch lies in ordinary memory.
    forward, dtype = classifier(card, precision, framework)
    images = card.on_host(torch.rand(batch, 3, size, size).contiguous(memory_format=torch.channels_last))

    def run():
        with torch.inference_mode():
            forward(images.to(card.device, non_blocking=True).to(dtype))
    return run


def training(card, size, batch, precision, framework):
    # A batch that is there and ready, where Lentil makes one.
    images = torch.rand(batch, 3, size, size).contiguous(memory_format=torch.channels_last).to(card.device)
    labels = (torch.arange(batch) % 2 == 0).float()[:, None].to(card.device)
    model = mobilenet().to(card.device, memory_format=torch.channels_last)
    forward = compiled(model, framework)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, fused=True)
    loss = nn.BCEWithLogitsLoss()

    def run():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(card.device, torch.bfloat16, enabled=precision == "bfloat16"):
            logits = forward(images)
        loss(logits.float(), labels).backward()
        optimizer.step()
    return run


WORK = {"inference": inference, "inference from host": inference_from_host, "training": training}


def order(batches):
    """Frameworks and cases: what is compared with Lentil's targets, then everything eager, then the rest."""
    batches = sorted(batches, reverse=True)
    cases = [(precision, work, batch) for precision in ["bfloat16", "tf32", "float32"] for work in ["training", "inference"]
             for batch in batches]
    from_host = [("bfloat16", "inference from host", batch) for batch in batches]
    targets = [case for case in cases if case[0] == "bfloat16" and (case[1] == "inference" or case[2] > 1)]
    first = [(COMPILED, *case) for case in targets]
    graphs = [(GRAPHS, *case) for case in targets]
    rest = [(COMPILED, *case) for case in cases if case not in targets]
    return first + [(EAGER, *case) for case in cases + from_host] + graphs + [(COMPILED, *case) for case in from_host] + rest


def kind(framework, work):
    """What takes about as long to prepare: compiling takes most of it, with graphs or without, and for training twice as long."""
    return framework != EAGER, work == "training"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--only", action="append", choices=[EAGER, COMPILED, GRAPHS])
    parser.add_argument("budget", type=float)
    parser.add_argument("seconds", type=float)
    parser.add_argument("batches", type=int, nargs="+")
    given = parser.parse_args()
    begun = time.perf_counter()
    card = Card(given.device)

    def tell(document):
        print(json.dumps(document), flush=True)

    tell({"framework": "pytorch", "version": torch.__version__, "device": card.name(),
          "copy_bytes_per_second": card.copy_bandwidth()})
    # the fastest of cuDNN's algorithms instead of the one that it guesses, as who wants speed of PyTorch sets it
    torch.backends.cudnn.benchmark = True
    longest = {}
    for framework, precision, work, batch in order(given.batches):
        if given.only and framework not in given.only:
            continue
        document = {"framework": framework, "precision": precision, "work": work, "batch": batch}
        start = time.perf_counter()
        if start - begun + longest.get(kind(framework, work), 0) > given.budget:
            tell(document | {"left_out": "no time"})
            continue
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
        try:
            milliseconds = card.measure(WORK[work](card, given.size, batch, precision, framework), given.seconds)
            tell(document | {"milliseconds": milliseconds, "images_per_second": batch * 1e3 / milliseconds,
                             "seconds_in_all": time.perf_counter() - start})
        except Exception as e:  # one that fails must not hide the others
            tell(document | {"failed": f"{type(e).__name__}: {e}"})
        longest[kind(framework, work)] = max(longest.get(kind(framework, work), 0), time.perf_counter() - start)
        if card.device == "cuda":
            torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
