"""Ten training steps of Keras in float64, for KerasTraceTest.

    python3 bench/python/keras_trace.py                  # writes keras_trace_float64.json beside that test's resources
    python3 bench/python/keras_trace.py --compare        # the same in float32: how far from that file and from the recorded one
    python3 bench/python/keras_trace.py --compare --jit  # compiled by XLA; TF_ENABLE_ONEDNN_OPTS=0 in the environment: other kernels
    python3 bench/python/keras_trace.py --moved 64       # where everything is trained, 64 times from weights that are moved by at most a
                                                         # unit in the last place of float32: mean and deviation, written to the file as well
    python3 bench/python/keras_trace.py --moved 64 --compare  # the same in float32, beside what was written

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


def model(cut, frozen):
    """Layers from the cut on are trained; cut counts Keras's layers."""
    base = keras.applications.MobileNetV2(input_shape=(96, 96, 3), alpha=0.35, include_top=False, weights=None, pooling="avg")
    output = keras.layers.Dense(1, activation="sigmoid", name="predictions")(base.output)
    network = keras.Model(base.input, output)
    for number, layer in enumerate(network.layers):
        normalisation = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = number >= cut and not (normalisation and frozen)
    return network


def load(network, weights, head):
    for layer in network.layers:
        for variable in layer.weights:
            names = [f"{layer.name}/{variable.name}", f"{layer.name}/depthwise_{variable.name}"]
            value = next((weights[name] for name in names if name in weights), None)
            if layer.name == "predictions":
                value = head if variable.name == "kernel" else numpy.zeros(1)
            variable.assign(value.reshape(variable.shape))


def moved(values, random):
    """Each by at most one unit in its last place."""
    return values + random.integers(-1, 2, values.shape).astype("float32") * numpy.spacing(values)


class Trace:
    """Ten steps of one setting."""

    def __init__(self, setting, inputs, jit):
        self.head = inputs["head_kernel"]
        self.images = inputs["images_u8_nhwc"].astype("float32") / numpy.float32(127.5) - numpy.float32(1)
        self.labels = inputs["labels"].reshape(-1, 1).astype("float32")
        self.class_weights = numpy.where(self.labels[:, 0] == 0, 0.6193860, 2.5940485).astype("float32")
        self.network = model(setting["cut_index"], "not trained" in setting["bn_mode"])
        trained = sum(int(numpy.prod(variable.shape)) for variable in self.network.trainable_weights)
        assert trained == setting["trainable_params"], (trained, setting["trainable_params"])
        self.adam = keras.optimizers.Adam(1e-4)
        if keras.config.floatx() == "float64":
            # Numbers of Python's would be rounded to float32 in the bias correction first: 1 - 0.999 would be off by 1.3e-5.
            self.adam.beta_1, self.adam.beta_2 = (keras.ops.convert_to_tensor(beta, dtype="float64") for beta in (0.9, 0.999))
        self.network.compile(optimizer=self.adam, loss="binary_crossentropy", jit_compile=jit)
        self.adam.build(self.network.trainable_variables)
        self.beginning = [variable.numpy() for variable in self.adam.variables]

    def run(self, weights, seed=None):
        """Losses of the ten batches and the predictions after them; with a seed from moved weights."""
        head = self.head
        if seed is not None:
            random = numpy.random.default_rng(seed)
            weights = {name: moved(values, random) for name, values in weights.items()}
            head = moved(head, random)
        load(self.network, weights, head)
        for variable, value in zip(self.adam.variables, self.beginning):
            variable.assign(value)
        batches = [slice(at, at + BATCH) for at in (0, BATCH)]
        losses = [float(self.network.train_on_batch(self.images[b], self.labels[b], sample_weight=self.class_weights[b]))
                  for b in [batches[step % 2] for step in range(STEPS)]]
        predictions = numpy.concatenate([self.network.predict_on_batch(self.images[b]) for b in batches])[:, 0]
        return losses, predictions.astype("float64")


def spread(name, trace, weights, given, exact):
    """What ten steps make of a rounding of the first."""
    runs = [trace.run(weights, seed)[1] for seed in range(given.moved)]
    worst = numpy.sort(numpy.abs(numpy.array(runs) - numpy.array(exact["predictions"])).max(1))
    print(f"{name}, {given.moved} times moved by a unit in the last place, predictions against float64: worst {worst[0]:.1e} to {worst[-1]:.1e}, "
          f"median {numpy.median(worst):.1e}; below 7e-3 {numpy.sum(worst < 7e-3)} times")
    mean, deviation = numpy.mean(runs, 0), numpy.std(runs, 0, ddof=1)
    if given.compare:
        other = exact["moved"]
        error = numpy.abs(mean - numpy.array(other["mean"]))
        print(f"  means: worst {error.max():.1e}, mean {error.mean():.1e}; deviations {deviation.max():.1e} and {max(other['deviation']):.1e}")
    else:
        exact["moved"] = {"runs": given.moved, "mean": list(mean), "deviation": list(deviation)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--jit", action="store_true")
    parser.add_argument("--moved", type=int)
    given = parser.parse_args()
    keras.config.set_floatx("float32" if given.compare else "float64")
    recorded = json.loads((DATA / "reference/keras_trace_035_96.json").read_text())
    weights = load_file(DATA / "weights/mobilenet_v2_0.35_imagenet_no_top.safetensors")
    inputs = load_file(DATA / "reference/keras_trace_035_96_inputs.safetensors")
    exact = json.loads(FILE.read_text()) if given.compare or given.moved else {"keras": keras.__version__, "program": "bench/python/keras_trace.py"}
    for name, setting in recorded.items():
        if not isinstance(setting, dict):
            continue
        if given.moved:
            if name.startswith("full"):
                spread(name, Trace(setting, inputs, given.jit), weights, given, exact[name])
            continue
        losses, predictions = Trace(setting, inputs, given.jit).run(weights)
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
