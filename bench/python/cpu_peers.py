"""Times MobileNetV2 1.0 at 224x224 on the processor, in turn: Lentil, PyTorch (eager, compiled), Keras on TensorFlow (and by XLA),
TensorFlow Lite (inference alone), and, where they are asked for, OpenCV (inference alone) and Deeplearning4j.

    mvn -q -DskipTests package
    python3 bench/python/cpu_peers.py --json peers.json
    python3 bench/python/cpu_peers.py --contenders lentil deeplearning4j

Needs torch, keras and tensorflow-cpu; for OpenCV opencv-python-headless and onnx; for Deeplearning4j Maven alone, which fetches 250 MB.
Nothing else may run. Inference in float32, and training steps of all layers with batch statistics, one logit, binary cross-entropy and
Adam, random weights and images. Each contender is a process of its own, one after the other, and all of them again in each round; a time
is the median of its rounds, and in a process the median of five measurements of SECONDS. PyTorch's tensors are channels last. All use as
many threads as there are processors, under taskset as many as it leaves.
"""

import argparse
import importlib.util
import io
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[2]
SIZE, MEASUREMENTS, WARM_UP = 224, 5, 3
CONTENDERS = ["lentil", "pytorch eager", "pytorch compiled", "keras", "keras xla", "tensorflow lite"]
ASKED_FOR = ["opencv", "deeplearning4j"]
INFERENCE_ALONE = ["tensorflow lite", "opencv"]


def measure(run, seconds):
    """Milliseconds of a run, the median."""
    for _ in range(WARM_UP):
        run()
    times = []
    for _ in range(MEASUREMENTS):
        start, runs = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            run()
            runs += 1
        times.append((time.perf_counter() - start) * 1e3 / runs)
    return statistics.median(times)


def pytorch_timing():
    spec = importlib.util.spec_from_file_location("pytorch_timing", ROOT / "bench/gpu/pytorch_timing.py")
    timing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(timing)
    return timing


def pytorch(compiled, work, batch):
    timing = pytorch_timing()
    framework = timing.COMPILED if compiled else timing.EAGER
    return timing.WORK[work](timing.Card("cpu"), SIZE, batch, "float32", framework)


def keras_model():
    import keras

    base = keras.applications.MobileNetV2(input_shape=(SIZE, SIZE, 3), include_top=False, weights=None, pooling="avg")
    return keras.Sequential([base, keras.layers.Dropout(0.3), keras.layers.Dense(1)])


def random_images(batch):
    import numpy

    return numpy.random.default_rng(1).random((batch, SIZE, SIZE, 3), dtype="float32")


def keras(xla, work, batch):
    import keras
    import numpy

    model = keras_model()
    model.compile(optimizer=keras.optimizers.Adam(1e-4), loss=keras.losses.BinaryCrossentropy(from_logits=True), jit_compile=xla)
    images = random_images(batch)
    labels = (numpy.arange(batch) % 2 == 0).astype("float32")[:, None]
    if work == "inference":
        return lambda: model.predict_on_batch(images)
    return lambda: model.train_on_batch(images, labels)


def tensorflow_lite(batch):
    """The network as a .tflite file of float32, by XNNPACK, which the interpreter takes by itself."""
    import tensorflow

    converter = tensorflow.lite.TFLiteConverter.from_keras_model(keras_model())
    interpreter = tensorflow.lite.Interpreter(model_content=converter.convert(), num_threads=len(os.sched_getaffinity(0)))
    image = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(image, [batch, SIZE, SIZE, 3])
    interpreter.allocate_tensors()
    interpreter.set_tensor(image, random_images(batch))
    return interpreter.invoke


def opencv(batch):
    """PyTorch's network as ONNX; the exporter folds the batch normalisations."""
    import cv2
    import numpy
    import torch

    images = numpy.ascontiguousarray(random_images(batch).transpose(0, 3, 1, 2))
    model = io.BytesIO()
    torch.onnx.export(pytorch_timing().mobilenet().eval(), (torch.from_numpy(images),), model, dynamo=False)
    network = cv2.dnn.readNetFromONNX(numpy.frombuffer(model.getvalue(), dtype="uint8"))
    cv2.setNumThreads(len(os.sched_getaffinity(0)))

    def run():
        network.setInput(images)
        return network.forward()

    return run


def version(contender):
    if contender.startswith("pytorch"):
        import torch
        return torch.__version__
    if contender.startswith("keras"):
        import keras
        import tensorflow
        return f"{keras.__version__} on TensorFlow {tensorflow.__version__}"
    if contender == "tensorflow lite":
        import tensorflow
        return tensorflow.__version__
    if contender == "opencv":
        import cv2
        return cv2.__version__
    if contender == "deeplearning4j":
        pom = (ROOT / "bench/deeplearning4j/pom.xml").read_text()
        return re.search("<deeplearning4j.version>(.*)<", pom).group(1)
    return subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()


def java():
    """A JDK 25, as the launcher finds it."""
    homes = [pathlib.Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    homes += sorted(pathlib.Path("/usr/lib/jvm").glob("*"))
    for home in homes:
        release = home / "release"
        if release.exists() and 'JAVA_VERSION="25' in release.read_text():
            return home / "bin/java"
    sys.exit("no JDK 25 in JAVA_HOME or /usr/lib/jvm")


def avx512():
    return "avx512f" in pathlib.Path("/proc/cpuinfo").read_text()


def require_success(done):
    if done.returncode:
        sys.exit(done.stderr.strip() or f"{done.args[0]} ended with {done.returncode}")


def lentil(seconds, work, batch):
    classes = f"{ROOT}/bench/target/classes:" + (ROOT / "bench/target/bench.classpath").read_text().strip()
    # the launcher's options
    options = ["--add-modules", "jdk.incubator.vector", "-XX:ObjectAlignmentInBytes=64", "-XX:+UseSerialGC", "-Xmn16m",
               "-XX:+UseCountedLoopSafepoints", "-XX:LoopStripMiningIter=1000"]
    done = subprocess.run([java(), *options, "-cp", classes, "dev.lentil.bench.gpu.StepTiming", "cpu", str(seconds), "1.0", str(SIZE), str(batch)],
                          capture_output=True, text=True)
    require_success(done)
    return next(t["milliseconds"] for t in map(json.loads, done.stdout.splitlines()) if t["work"] == work)


def deeplearning4j(seconds, work, batch):
    folder = ROOT / "bench/deeplearning4j"
    vectors = "avx512" if avx512() else "avx2"
    with tempfile.NamedTemporaryFile("r") as classes:
        subprocess.run(["mvn", "-q", "-f", folder, "dependency:build-classpath", f"-Dnd4j.build=linux-x86_64-onednn-{vectors}",
                        f"-Dmdep.outputFile={classes.name}"], check=True, stdout=sys.stderr)
        path = classes.read().strip()
    # its tensors lie outside of Java's heap, as much as the two properties allow
    options = ["--enable-native-access=ALL-UNNAMED", "-Xmx2g", "-Dorg.bytedeco.javacpp.maxbytes=12G", "-Dorg.bytedeco.javacpp.maxphysicalbytes=18G"]
    done = subprocess.run([java(), *options, "-cp", path, folder / "Deeplearning4jTiming.java", work, str(SIZE), str(batch), str(seconds)],
                          capture_output=True, text=True)
    require_success(done)
    return float(done.stdout.strip().splitlines()[-1])


def child(contender, work, batch, seconds):
    if contender == "lentil":
        return lentil(seconds, work, batch)
    if contender == "deeplearning4j":
        return deeplearning4j(seconds, work, batch)
    return measure(in_python(contender, work, batch), seconds)


def in_python(contender, work, batch):
    if contender.startswith("pytorch"):
        return pytorch("compiled" in contender, work, batch)
    if contender == "opencv":
        return opencv(batch)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    return tensorflow_lite(batch) if contender == "tensorflow lite" else keras("xla" in contender, work, batch)


def takes_part(contender, case):
    return contender not in INFERENCE_ALONE or case.startswith("inference")


def cell(medians, contender):
    if contender not in medians:
        return "-"
    times = f" ({medians[contender] / medians['lentil']:.2f})" if "lentil" in medians else ""
    return f"{medians[contender]:.1f}{times}"


def case_name(name):
    work, _, batch = name.partition(":")
    if work not in ("inference", "training") or not batch.isdecimal() or int(batch) == 0:
        raise argparse.ArgumentTypeError(f"{name!r} is not inference:BATCH or training:BATCH, such as inference:32")
    return name


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--cases", nargs="+", type=case_name, default=["inference:1", "inference:32", "training:32"])
    parser.add_argument("--contenders", nargs="+", default=CONTENDERS, choices=[*CONTENDERS, *ASKED_FOR])
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--child", action="store_true", help="one contender and case, in this process")
    given = parser.parse_args()
    if given.child:
        work, batch = given.cases[0].split(":")
        print(json.dumps({"milliseconds": child(given.contenders[0], work, int(batch), given.seconds), "version": version(given.contenders[0])}))
        return
    found, versions = {}, {}
    for _ in range(given.rounds):
        for case in given.cases:
            for contender in (c for c in given.contenders if takes_part(c, case)):
                done = subprocess.run([sys.executable, __file__, "--child", "--contenders", contender, "--cases", case, "--seconds",
                                       str(given.seconds)], capture_output=True, text=True)
                if done.returncode:
                    said = done.stderr.strip().splitlines()
                    print(f"{contender}, {case}: {said[-1] if said else f'ended with {done.returncode}'}", file=sys.stderr)
                    continue
                answer = json.loads(done.stdout.strip().splitlines()[-1])
                found.setdefault((case, contender), []).append(answer["milliseconds"])
                versions[contender] = answer["version"]
                print(f"{contender}, {case}: {answer['milliseconds']:.2f} ms", file=sys.stderr, flush=True)
    if given.json:
        model = next((line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")),
                     platform.processor())
        given.json.write_text(json.dumps({
            "processor": model, "processors": os.cpu_count(), "versions": versions,
            "milliseconds": [{"case": case, "contender": contender, "rounds": times} for (case, contender), times in found.items()]}, indent=1) + "\n")
    # of what took no part, or failed, nothing is a multiple
    beside = "lentil" in given.contenders
    print("| case | " + " | ".join(f"{c}, ms" + (" (times Lentil's)" if beside else "") for c in given.contenders) + " |")
    print("|---" * (len(given.contenders) + 1) + "|")
    for case in given.cases:
        medians = {c: statistics.median(found[case, c]) for c in given.contenders if (case, c) in found}
        print(f"| {case} | " + " | ".join(cell(medians, c) for c in given.contenders) + " |")


if __name__ == "__main__":
    main()
