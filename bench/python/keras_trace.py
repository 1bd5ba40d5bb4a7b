"""Ten training steps of Keras in float64, for KerasTraceTest.

    python3 bench/python/keras_trace.py                  # writes keras_trace_float64.json beside that test's resources
    python3 bench/python/keras_trace.py --compare        # the same in float32: how far from that file and from the recorded one
    python3 bench/python/keras_trace.py --compare --jit  # compiled by XLA; TF_ENABLE_ONEDNN_OPTS=0 in the environment: other kernels

Needs keras, tensorflow-cpu and safetensors, and the test data (LENTIL_DATA, else ../shared/data): images, labels, weights and the settings
are those of its keras_trace_035_96.json.
"""

import argparse
import json
import os
import pathlib

import keras
import numpy
from safetensors.numpy import load_file

ROOT = pathlib.Path(__file__).parents[2]
FILE = ROOT / "mobilenetv2/src/test/resources/dev/lentil/mobilenetv2/keras_trace_float64.json"
DATA = ROOT / os.environ.get("LENTIL_DATA", "../shared/data")
STEPS, BATCH = 10, 32


def model(weights, head, cut, frozen):
    """Layers from the cut on are trained; cut counts Keras's layers."""
    base = keras.applications.MobileNetV2(input_shape=(96, 96, 3), alpha=0.35, include_top=False, weights=None, pooling="avg")
    output = keras.layers.Dense(1, activation="sigmoid", name="predictions")(base.output)
    network = keras.Model(base.input, output)
    for number, layer in enumerate(network.layers):
        for variable in layer.weights:
            names = [f"{layer.name}/{variable.name}", f"{layer.name}/depthwise_{variable.name}"]
            value = next((weights[name] for name in names if name in weights), None)
            if layer.name == "predictions":
                value = head if variable.name == "kernel" else numpy.zeros(1)
            variable.assign(value.reshape(variable.shape))
        normalisation = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = number >= cut and not (normalisation and frozen)
    return network


def run(setting, weights, inputs, jit):
    """Losses of the ten batches and the predictions after them."""
    images = inputs["images_u8_nhwc"].astype("float32") / numpy.float32(127.5) - numpy.float32(1)
    labels = inputs["labels"].reshape(-1, 1).astype("float32")
    class_weights = numpy.where(labels[:, 0] == 0, 0.6193860, 2.5940485).astype("float32")
    network = model(weights, inputs["head_kernel"], setting["cut_index"], "not trained" in setting["bn_mode"])
    trained = sum(int(numpy.prod(variable.shape)) for variable in network.trainable_weights)
    assert trained == setting["trainable_params"], (trained, setting["trainable_params"])
    adam = keras.optimizers.Adam(1e-4)
    if keras.config.floatx() == "float64":
        # Numbers of Python's would be rounded to float32 in the bias correction first: 1 - 0.999 would be off by 1.3e-5.
        adam.beta_1, adam.beta_2 = (keras.ops.convert_to_tensor(beta, dtype="float64") for beta in (0.9, 0.999))
    network.compile(optimizer=adam, loss="binary_crossentropy", jit_compile=jit)
    batches = [slice(at, at + BATCH) for at in (0, BATCH)]
    losses = [float(network.train_on_batch(images[b], labels[b], sample_weight=class_weights[b]))
              for b in [batches[step % 2] for step in range(STEPS)]]
    predictions = numpy.concatenate([network.predict_on_batch(images[b]) for b in batches])[:, 0]
    return losses, predictions.astype("float64")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--jit", action="store_true")
    given = parser.parse_args()
    keras.config.set_floatx("float32" if given.compare else "float64")
    recorded = json.loads((DATA / "reference/keras_trace_035_96.json").read_text())
    weights = load_file(DATA / "weights/mobilenet_v2_0.35_imagenet_no_top.safetensors")
    inputs = load_file(DATA / "reference/keras_trace_035_96_inputs.safetensors")
    exact = json.loads(FILE.read_text()) if given.compare else {"keras": keras.__version__, "program": "bench/python/keras_trace.py"}
    for name, setting in recorded.items():
        if not isinstance(setting, dict):
            continue
        losses, predictions = run(setting, weights, inputs, given.jit)
        others = {"recorded": setting["predictions_after"]}
        if given.compare:
            others["float64"] = exact[name]["predictions"]
        else:
            exact[name] = {"losses": losses, "predictions": list(predictions)}
        for other, values in others.items():
            errors = numpy.abs(predictions - numpy.array(values))
            print(f"{name}, predictions against {other}: worst {errors.max():.1e}, mean {errors.mean():.1e}")
    if not given.compare:
        FILE.parent.mkdir(parents=True, exist_ok=True)
        FILE.write_text(json.dumps(exact, indent=1) + "\n")


main()
