#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A finished run, judged again by NumPy alone.

    python3 tests/ref/model_numpy.py build/runs/<key> build/data

The first folder is a run, as lib/runs/store.h describes it; the second holds
the IDX files of its data, raw or gzipped. From the weights and the list of
layers this computes what the network says to every image it was judged on, in
double precision, and compares with what the run has written down: each output
to 1e-4, and the number of right answers exactly. One line; exit status 0 or 1.
"""
import gzip
import json
import os
import sys

try:
    import numpy as np
except ImportError:
    sys.exit(f"{sys.executable} has no NumPy: try another Python, or install it there")

TOLERANCE = 1e-4         # sums in single precision there, in double here
BATCH = 500              # images at a time: what they become must fit in memory


def differs(message):
    print(f"{sys.argv[1]}: {message}")
    sys.exit(1)


# --- reading ------------------------------------------------------------------

def read_pairs(path):
    """The lines `name<TAB>value` of a file, in any order."""
    with open(path) as f:
        return dict(line.rstrip("\n").split("\t", 1) for line in f)


def read_idx(folder, name):
    """Four bytes: 0, 0, 8 (bytes follow), how many dimensions. Then those, each
    four bytes, the most significant first, and the elements."""
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        path += ".gz"
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as f:
        content = f.read()
    shape = np.frombuffer(content, ">u4", content[3], offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def read_digits(folder, part):
    return (read_idx(folder, part + "-images-idx3-ubyte"),
            read_idx(folder, part + "-labels-idx1-ubyte"))


def read_safetensors(path):
    """Eight bytes: the length of the header, the least significant first. The
    header is JSON: name to dtype, shape, and first and last byte (exclusive) of
    the tensor, counted from the end of the header."""
    with open(path, "rb") as f:
        header = json.loads(f.read(int.from_bytes(f.read(8), "little")))
        numbers = f.read()
    tensors = {}
    for name, about in header.items():
        if name == "__metadata__":
            continue
        if about["dtype"] != "F32":
            differs(f"model.safetensors: {name} is {about['dtype']}, expected F32")
        first, last = about["data_offsets"]
        tensors[name] = np.frombuffer(numbers[first:last], "<f4").reshape(about["shape"])
    check_with_package(path, tensors)
    return tensors


def check_with_package(path, tensors):
    """The same through the format's own reader, on a machine that has it."""
    try:
        from safetensors.numpy import load_file
    except ImportError:
        return
    theirs = load_file(path)
    if theirs.keys() != tensors.keys():
        differs(f"model.safetensors: here {sorted(tensors)}, the package safetensors "
                f"finds {sorted(theirs)}")
    for name, tensor in tensors.items():
        if not np.array_equal(tensor, theirs[name]):
            differs(f"model.safetensors: {name} is not what the package "
                    "safetensors reads")


def read_layers(text):
    """"conv2d channels 8 kernel 5, relu, dense 10" as a list of kinds, each with
    its numbers; the only number of a kind has no name and is found under ""."""
    layers = []
    for part in text.split(","):
        kind, *words = part.split()
        names, numbers = (words[::2], words[1::2]) if len(words) > 1 else ([""], words)
        layers.append((kind, {n: float(x) for n, x in zip(names, numbers)}))
    return layers


# --- the forward pass: x is (B, C, H, W), or (B, n) after flatten or dense -----

def dense(x, W, b):
    return x.reshape(len(x), -1) @ W.T + b


def conv2d(x, W, b, stride, padding):
    """W (F, C, k, k). One product for each place in the window: what lies under
    it while the window moves, times the weights of that place."""
    k = W.shape[2]
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    return b[:, None, None] + sum(np.einsum("fc,bchw->bfhw", W[:, :, i, j],
                                            under(x, i, j, k, stride), optimize=True)
                                  for i in range(k) for j in range(k))


def max_pool(x, k, stride):
    return np.max([under(x, i, j, k, stride) for i in range(k) for j in range(k)], axis=0)


def under(x, i, j, k, stride):
    """The pixels under place (i, j) of a window of k by k, for all its positions."""
    rows, columns = x.shape[2:]
    return x[:, :, i:rows - k + i + 1:stride, j:columns - k + j + 1:stride]


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def forward(x, layers, tensors):
    for i, (kind, number) in enumerate(layers):
        W, b = tensors.get(f"{i}.weight"), tensors.get(f"{i}.bias")
        if kind == "dense":
            x = dense(x, W, b)
        elif kind == "conv2d":
            x = conv2d(x, W, b, stride=int(number.get("stride", 1)),
                       padding=int(number.get("padding", 0)))
        elif kind == "max_pool":
            k = int(number["kernel"])
            x = max_pool(x, k, int(number.get("stride", k)))
        elif kind == "flatten":
            x = x.reshape(len(x), -1)
        elif kind == "sigmoid":
            x = 1 / (1 + np.exp(-x))
        elif kind == "relu":
            x = np.maximum(x, 0)
        elif kind == "softmax":
            x = softmax(x)
        elif kind != "dropout":                    # which rests outside training
            differs(f"experiment.tsv: a layer {kind}, unknown to this script")
    return x


# --- comparing ----------------------------------------------------------------

def judged_on(experiment, folder):
    """The images and labels a run was judged on: those held out, or the test set."""
    held_out = int(experiment["train.validation"])
    if not held_out:
        return read_digits(folder, "t10k")
    return [part[-held_out:] for part in read_digits(folder, "train")]


def main(run, folder):
    experiment = read_pairs(os.path.join(run, "experiment.tsv"))
    accuracy = float(read_pairs(os.path.join(run, "score.tsv"))["accuracy"])
    kept = np.loadtxt(os.path.join(run, "predictions.tsv"), skiprows=1, ndmin=2)
    tensors = {name: t.astype(np.float64) for name, t in
               read_safetensors(os.path.join(run, "model.safetensors")).items()}
    layers = read_layers(experiment["layers"])
    images, labels = judged_on(experiment, folder)
    if not np.array_equal(kept[:, 0], labels):
        differs(f"{len(kept)} labels in predictions.tsv, not the {len(labels)} of "
                f"{folder}: other data than the run's")

    shape = [int(n) for n in experiment["input"].split()]
    y = np.concatenate([forward(images[i:i + BATCH].reshape(-1, *shape) / 255.0,
                                layers, tensors)
                        for i in range(0, len(images), BATCH)])

    error = np.abs(y - kept[:, 2:])
    if not error.max() <= TOLERANCE:               # a NaN is no agreement either
        i, j = np.unravel_index(error.argmax(), error.shape)
        differs(f"image {i}, output {j}: {y[i, j]:.6f} here, {kept[i, 2 + j]:.6f} in "
                f"predictions.tsv; {np.sum(~(error <= TOLERANCE))} of {error.size} "
                "outputs differ")

    # Outputs that close can still change places at the top, so that another digit
    # wins. Then it is said, and the winner of the run counts.
    winner, its = y.argmax(axis=1), kept[:, 1].astype(int)
    flips = np.flatnonzero(winner != its)
    for i in flips:
        if y[i, winner[i]] - y[i, its[i]] > 2 * TOLERANCE:
            differs(f"image {i}: {winner[i]} here, {its[i]} in predictions.tsv")
    right = int(np.sum(its == labels))
    if abs(right - accuracy * len(labels)) > 1e-6:
        differs(f"accuracy {right / len(labels):.6f} here ({right} of {len(labels)}), "
                f"{accuracy:.6f} in score.tsv")
    print(f"{experiment['layers']}: accuracy {100 * right / len(labels):.2f} % "
          f"({right} of {len(labels)}), outputs within {error.max():.1e}"
          + (f"; rounding decides images {flips.tolist()}" if len(flips) else ""))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} <folder of a run> <folder of IDX files>")
    try:
        main(*sys.argv[1:])
    except (OSError, KeyError, ValueError) as error:      # a file that is not there,
        differs(f"{type(error).__name__}: {error}")       # or not what it should be
