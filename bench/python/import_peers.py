"""Lets today's Keras, torchvision, timm and transformers write a MobileNetV2 in each of their formats, and compares what Lentil reads in
them.

    python3 bench/python/import_peers.py ./lentil

Each network has random weights and statistics; it and `./lentil classify` judge the same pixels. Needs the Python packages keras,
tensorflow-cpu, torch, onnx, onnxscript, safetensors, numpy and pillow; torchvision, timm and transformers where they are installed. Ends
with status 1 if a probability differs by more than 1e-5.
"""

import importlib.util
import os
import sys
import tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy
import torch
from PIL import Image
from safetensors.torch import save_file

from torch_round_trip import LIMIT, SIZE, lentil_probabilities

ALPHA = 0.5
CLASSES = 7
random = numpy.random.default_rng(1)
MEAN = numpy.float32([0.485, 0.456, 0.406])
DEVIATION = numpy.float32([0.229, 0.224, 0.225])


def statistics(channels):
    """Scale, shift, mean and variance of a batch normalisation."""
    return [random.uniform(0.7, 1.4, channels), random.normal(0, 0.2, channels),
            random.normal(0, 0.1, channels), random.uniform(0.3, 1.5, channels)]


def keras_networks():
    """A classifier as it comes, and a head on a nested base behind a scaling of the input."""
    yield "classifier", keras.applications.MobileNetV2((SIZE, SIZE, 3), ALPHA, weights=None, classes=CLASSES), False
    base = keras.applications.MobileNetV2((SIZE, SIZE, 3), ALPHA, weights=None, include_top=False)
    image = keras.Input((SIZE, SIZE, 3))
    features = base(keras.layers.Rescaling(1 / 127.5, offset=-1)(image), training=False)
    features = keras.layers.Dropout(0.2)(keras.layers.GlobalAveragePooling2D()(features))
    yield "transfer", keras.Model(image, keras.layers.Dense(CLASSES, "softmax")(features)), True


def randomise_keras(model):
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            randomise_keras(layer)
        elif isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights(statistics(layer.gamma.shape[0]))
        elif isinstance(layer, keras.layers.Dense):
            layer.set_weights([random.normal(0, 0.1, weight.shape) for weight in layer.get_weights()])


def keras_files(folder, pixels):
    for kind, model, scales in keras_networks():
        randomise_keras(model)
        image = pixels[None].astype("float32")
        theirs = numpy.asarray(model(image if scales else image / 127.5 - 1))[0]
        for ending in (".keras", ".weights.h5", ".h5"):
            path = os.path.join(folder, "keras-" + kind + ending)
            (model.save_weights if ending == ".weights.h5" else model.save)(path)
            yield "Keras " + keras.__version__, path, theirs


class Logits(torch.nn.Module):
    """A model of transformers as one of torchvision, with the logits alone."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, image):
        return self.model(image).logits


def torch_networks(pixels):
    """Each with the input that it is made for."""
    image = torch.from_numpy(pixels.astype("float32").transpose(2, 0, 1)[None].copy())
    normalised = (image / 255 - torch.tensor(MEAN)[:, None, None]) / torch.tensor(DEVIATION)[:, None, None]
    if importlib.util.find_spec("torchvision"):
        import torchvision
        yield ("torchvision " + torchvision.__version__,
               torchvision.models.mobilenet_v2(width_mult=ALPHA, num_classes=CLASSES), normalised)
    if importlib.util.find_spec("timm"):
        import timm
        yield "timm " + timm.__version__, timm.create_model("mobilenetv2_050", num_classes=CLASSES), normalised
    if importlib.util.find_spec("transformers"):
        import transformers
        config = transformers.MobileNetV2Config(depth_multiplier=ALPHA, num_labels=CLASSES)
        yield ("transformers " + transformers.__version__,
               Logits(transformers.MobileNetV2ForImageClassification(config)), image / 127.5 - 1)


def torch_files(folder, pixels):
    for program, model, image in torch_networks(pixels):
        for module in model.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                values = [torch.from_numpy(value.astype("float32")) for value in statistics(module.num_features)]
                module.load_state_dict(dict(zip(("weight", "bias", "running_mean", "running_var"), values)), strict=False)
            elif isinstance(module, torch.nn.Conv2d):
                # timm's own depthwise kernels are so large that float32 rounds to 1e-5 behind all layers
                torch.nn.init.kaiming_normal_(module.weight, mode="fan_out")
            elif isinstance(module, torch.nn.Linear):
                torch.nn.init.normal_(module.weight, 0, 0.1)
        model.eval()
        with torch.no_grad():
            theirs = model(image).softmax(1)[0].numpy()
        start = os.path.join(folder, program.split()[0])
        if isinstance(model, Logits):
            state, weights = model.model.state_dict(), start
            model.model.save_pretrained(weights)
        else:
            state, weights = model.state_dict(), start + ".safetensors"
            save_file(state, weights)
        yield program, weights, theirs
        torch.save(state, start + ".pth")
        yield program, start + ".pth", theirs
        for exporter, dynamo in (("torch.export", True), ("TorchScript", False)):
            path = start + "-" + exporter + ".onnx"
            torch.onnx.export(model, (image,), path, dynamo=dynamo, verbose=False)
            yield program + " by " + exporter + " of PyTorch " + torch.__version__, path, theirs


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    keras.utils.set_random_seed(1)
    torch.manual_seed(1)
    coarse = random.integers(0, 256, (7, 7, 3), dtype=numpy.uint8)
    pixels = numpy.asarray(Image.fromarray(coarse).resize((SIZE, SIZE), Image.BILINEAR))
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for files in (keras_files, torch_files):
            for program, path, theirs in files(folder, pixels):
                ours = lentil_probabilities(sys.argv[1], path, pixels, CLASSES)
                difference = float(numpy.abs(ours - theirs).max())
                worst = max(worst, difference)
                print("%-32s %.1e of %.2f  %s" % (os.path.basename(path), difference, theirs.max(), program))
    print("worst difference of a probability: %.2g (allowed: %g)" % (worst, LIMIT))
    sys.exit(0 if worst <= LIMIT else 1)


if __name__ == "__main__":
    main()
