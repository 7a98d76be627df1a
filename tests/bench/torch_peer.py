#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""PyTorch's side of `make bench`: trains what it is told, and says how long.

    python3 tests/bench/torch_peer.py <folder of IDX files> <threads>

First one line with the version. Then each question is an experiment as
lib/runs/fields.h prints it, with one field more, channels_last (yes: the channels
of a pixel stand side by side, which PyTorch's convolutions may like better), and
ended by an empty line; and each answer a line

    <seconds of training> <parameters of the network>

The loop is the plain one, in its fastest form of those that were tried: all
images are floats before the clock starts, a batch is taken with index_select,
gradients are dropped and not zeroed, and there is no DataLoader. Loss and right
answers of every batch are read, as ours are for the learning curve; without
that an epoch takes some 8 % less time at batch 1, 6 % at batch 16, and 10 % with
RMSprop. The threads are those of OpenMP. OpenBLAS has one: with two of each they
get into each other's way, and an epoch of cnn-small takes 4 to 7 s instead of
2.4.
"""
import os
import signal
import sys
import time

folder, threads = sys.argv[1:]
os.environ["OMP_NUM_THREADS"] = threads  # the libraries look when they are loaded
os.environ["OPENBLAS_NUM_THREADS"] = "1"
try:
    import torch
except ImportError:
    sys.exit(0)                          # nothing said: there is no PyTorch
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(__file__), os.pardir, "ref"))
from model_numpy import read_digits, read_layers

WARM_UP = 20             # batches before the clock starts


# --- the network ----------------------------------------------------------------
# Weights and biases start uniform in +-1 / sqrt(fan_in): PyTorch's way is the
# book's way. Each maker gets what arrives at the layer and the numbers it has.

MAKERS = {
    "dense": lambda x, n: nn.Linear(x.shape[1], int(n[""])),
    "conv2d": lambda x, n: nn.Conv2d(x.shape[1], int(n["channels"]), int(n["kernel"]),
                                     int(n.get("stride", 1)), int(n.get("padding", 0))),
    "max_pool": lambda x, n: nn.MaxPool2d(int(n["kernel"]), int(n["stride"])),
    "flatten": lambda x, n: nn.Flatten(),
    "dropout": lambda x, n: nn.Dropout(n[""]),
    "sigmoid": lambda x, n: nn.Sigmoid(),
    "relu": lambda x, n: nn.ReLU(),
    "softmax": lambda x, n: nn.Softmax(dim=1),
}


def make_network(layers, x):
    """For inputs like x (1, ...)."""
    network = nn.Sequential()
    for kind, numbers in layers:
        network.append(MAKERS[kind](x, numbers))
        x = network[-1](x)
    return network


def make_optimiser(experiment, parameters):
    kind = experiment["optimiser"]
    number = {k.split(".")[1]: float(v) for k, v in experiment.items()
              if k.startswith("optimiser.")}
    rate = number["learning_rate"]
    if kind == "sgd":
        return torch.optim.SGD(parameters, rate)
    if kind == "momentum":
        return torch.optim.SGD(parameters, rate, number["momentum"])
    if kind == "rmsprop":
        return torch.optim.RMSprop(parameters, rate, alpha=number["alpha"],
                                   eps=number["epsilon"])
    return torch.optim.Adam(parameters, rate, (number["beta1"], number["beta2"]),
                            number["epsilon"])


# --- training -------------------------------------------------------------------

def train(experiment, images, labels):
    """Seconds, and the number of parameters."""
    layers = read_layers(experiment["layers"])
    shape = [int(n) for n in experiment["input"].split()]
    x = images.view(-1, *shape) if layers[0][0] != "dense" else images
    targets, loss = labels, nn.CrossEntropyLoss()
    if experiment["loss"] == "mse":
        targets, loss = nn.functional.one_hot(labels).float(), nn.MSELoss()
    else:
        layers.pop()                     # its loss takes the inputs of the softmax

    network = make_network(layers, x[:1])
    if experiment["channels_last"] == "yes":
        x = x.to(memory_format=torch.channels_last)
        network = network.to(memory_format=torch.channels_last)
    optimiser = make_optimiser(experiment, network.parameters())
    batch = int(experiment["train.batch"])
    n = int(experiment["train.images"]) or len(images)

    def learn(order):
        total = correct = 0
        for some in order.split(batch):
            optimiser.zero_grad(set_to_none=True)
            y = network(x.index_select(0, some))
            mean = loss(y, targets.index_select(0, some))
            mean.backward()
            optimiser.step()
            total += mean.item() * len(some)
            correct += (y.argmax(1) == labels.index_select(0, some)).sum().item()
        return total, correct

    learn(torch.arange(min(n, WARM_UP * batch)))
    start = time.perf_counter()
    for _ in range(int(experiment["train.epochs"])):
        learn(torch.randperm(n))
    return (time.perf_counter() - start,
            sum(p.numel() for p in network.parameters()))


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)     # the end of stdin is the end
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    pixels, digits = read_digits(folder, "train")
    images = torch.from_numpy(pixels.reshape(len(pixels), -1).astype("float32") / 255)
    labels = torch.from_numpy(digits.astype("int64"))
    print("PyTorch", torch.__version__, flush=True)

    experiment = {}
    for line in sys.stdin:
        if line != "\n":
            field, value = line.rstrip("\n").split("\t")
            experiment[field] = value
            continue
        print(*train(experiment, images, labels), flush=True)
        experiment = {}


if __name__ == "__main__":
    main()
