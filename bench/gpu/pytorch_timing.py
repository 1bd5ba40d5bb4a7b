"""Times PyTorch's MobileNetV2 as StepTiming times Lentil's: same network, batch sizes and rounds, channels last.

usage: pytorch_timing.py SECONDS BATCH...   prints one JSON array
"""
import contextlib
import json
import statistics
import sys
import time

import torch
from torch import nn

ROUNDS, WARM_UP = 5, 3


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
    return nn.Sequential(*layers).cuda().to(memory_format=torch.channels_last)


def measure(run, seconds):
    for _ in range(WARM_UP):
        run()
    torch.cuda.synchronize()
    rounds = []
    for _ in range(ROUNDS):
        start, runs = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            for _ in range(8):
                run()
            runs += 8
            torch.cuda.synchronize()
        rounds.append((time.perf_counter() - start) * 1e3 / runs)
    return statistics.median(rounds)


def runs(batch, work, precision, compiled):
    model = mobilenet()
    images = torch.rand(batch, 3, 224, 224).contiguous(memory_format=torch.channels_last)
    labels = (torch.arange(batch) % 2 == 0).float()[:, None].cuda()
    # For inference from pinned host memory in every run; for training a batch that is there and ready, where Lentil makes it.
    images = images.pin_memory() if work == "inference" else images.cuda()
    narrow = torch.autocast("cuda", torch.bfloat16) if precision == "bfloat16" else contextlib.nullcontext()
    if work == "inference":
        model.eval()
        forward = torch.compile(model) if compiled else model

        def run():
            with torch.inference_mode(), narrow:
                forward(images.to("cuda", non_blocking=True))
    else:
        forward = torch.compile(model) if compiled else model
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, fused=True)
        loss = nn.BCEWithLogitsLoss()

        def run():
            optimizer.zero_grad(set_to_none=True)
            with narrow:
                logits = forward(images)
            loss(logits.float(), labels).backward()
            optimizer.step()
    return run


def copy_bandwidth():
    """Bytes per second, read and written, of a copy on the card."""
    source = torch.empty(1 << 28, dtype=torch.float32, device="cuda")
    target = torch.empty_like(source)
    milliseconds = measure(lambda: target.copy_(source), 0.2)
    return 2 * source.numel() * 4 / (milliseconds / 1e3)


def main():
    seconds, batches = float(sys.argv[1]), [int(b) for b in sys.argv[2:]]
    found = [{"framework": "pytorch", "version": torch.__version__, "device": torch.cuda.get_device_name(),
              "copy_bytes_per_second": copy_bandwidth()}]
    for precision in ["float32", "tf32", "bfloat16"]:
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
        for compiled in [False, True]:
            for batch in batches:
                for work in ["inference", "training"]:
                    try:
                        milliseconds = measure(runs(batch, work, precision, compiled), seconds)
                    except Exception as e:  # one that fails must not hide the others
                        print(precision, compiled, batch, work, e, file=sys.stderr)
                        continue
                    found.append({"framework": "pytorch compiled" if compiled else "pytorch eager", "precision": precision,
                                  "work": work, "batch": batch, "milliseconds": milliseconds,
                                  "images_per_second": batch * 1e3 / milliseconds})
                    print(found[-1], file=sys.stderr)
                    torch.cuda.empty_cache()
    print(json.dumps(found, indent=2))


main()
