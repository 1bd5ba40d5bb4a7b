"""Takes a Lentil model to PyTorch and compares the probabilities of both on the same pixels.

    ./lentil export WEIGHTS --to torch.safetensors --names torchvision
    python3 bench/python/torch_round_trip.py ./lentil WEIGHTS torch.safetensors

WEIGHTS must be a MobileNetV2 1.0/224 classifier with Keras's padding and epsilon, as Keras's ImageNet weights are. Needs the Python
packages torch, safetensors, numpy and pillow. Ends with status 1 if a probability differs by more than 1e-5.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import nn

LIMIT = 1e-5
SIZE = 224
# expansion, filters, blocks, stride of the first: Sandler et al. 2018, table 2
STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


class KerasConvolution(nn.Conv2d):
    """Stride 2 on an even extent pads below and right only."""

    def forward(self, x):
        if self.stride == (2, 2):
            x = nn.functional.pad(x, (0, 1, 0, 1))
        return super().forward(x)


def unit(inputs, outputs, kernel=1, stride=1, groups=1):
    padding = 0 if stride == 2 else kernel // 2
    return nn.Sequential(
        KerasConvolution(inputs, outputs, kernel, stride, padding, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, eps=1e-3),
        nn.ReLU6())


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        wide = inputs * expansion
        layers = [unit(inputs, wide)] if expansion > 1 else []
        layers += [
            unit(wide, wide, 3, stride, wide),
            nn.Conv2d(wide, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs, eps=1e-3)]
        self.conv = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.conv(x) if self.residual else self.conv(x)


class MobileNetV2(nn.Module):
    """With torchvision's names of parameters."""

    def __init__(self, classes):
        super().__init__()
        layers = [unit(3, 32, 3, 2)]
        channels = 32
        for expansion, filters, blocks, stride in STAGES:
            for block in range(blocks):
                layers.append(InvertedResidual(channels, filters, stride if block == 0 else 1, expansion))
                channels = filters
        layers.append(unit(channels, 1280))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, classes))

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


def lentil_probabilities(lentil, weights, pixels, classes):
    with tempfile.TemporaryDirectory() as folder:
        picture = os.path.join(folder, "pixels.png")
        Image.fromarray(pixels).save(picture)
        answer = subprocess.run(
            [lentil, "classify", picture, "--weights", weights, "--top", str(classes), "--json"],
            check=True, stdout=subprocess.PIPE)
    found = numpy.zeros(classes)
    for prediction in json.loads(answer.stdout)[0]["top"]:
        found[prediction["class"]] = prediction["probability"]
    return found


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    lentil, weights, exported = sys.argv[1:]
    state = load_file(exported)
    classes = state["classifier.1.weight"].shape[0]
    network = MobileNetV2(classes)
    network.load_state_dict(state, strict=True)
    network.eval()
    random = numpy.random.default_rng(1)
    worst = 0.0
    for _ in range(3):
        # smooth patches, which the network is surer of than of noise
        coarse = random.integers(0, 256, (7, 7, 3), dtype=numpy.uint8)
        pixels = numpy.asarray(Image.fromarray(coarse).resize((SIZE, SIZE), Image.BILINEAR))
        scaled = torch.from_numpy(pixels.astype(numpy.float32) / 127.5 - 1).permute(2, 0, 1)[None]
        with torch.no_grad():
            theirs = network(scaled).softmax(1)[0].numpy()
        ours = lentil_probabilities(lentil, weights, pixels, classes)
        if abs(ours.sum() - 1) > 1e-3:
            sys.exit("lentil's probabilities add up to %g" % ours.sum())
        worst = max(worst, float(numpy.abs(ours - theirs).max()))
    print("worst difference of a probability: %.2g (allowed: %g)" % (worst, LIMIT))
    sys.exit(0 if worst <= LIMIT else 1)


if __name__ == "__main__":
    main()
