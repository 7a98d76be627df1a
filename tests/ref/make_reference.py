#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reference numbers for tests/test_nn.c, computed by PyTorch in double precision.

    cd tests/ref && /usr/bin/python3 make_reference.py

Each file is one case. Each line is one tensor, `name dimensions : numbers`:

    dW 2 3 : 0.25 -1 0.125 0.5 3 1

Given are x, the parameters W and b, and dy = dL/dy; wanted are y, dx, dW, db.
The files are part of the repository: only a changed case needs this script.
"""
import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)


def write(case, **tensors):
    with open(case + ".txt", "w") as f:
        for name, t in tensors.items():
            t = torch.as_tensor(t).detach()
            f.write(" ".join([name, *map(str, t.shape), ":",
                              *(f"{v:.8g}" for v in t.flatten().tolist())]) + "\n")


def normal(*shape):
    """Random numbers of two decimals: few letters, hardly any rounding."""
    return (torch.randn(shape) * 100).round() / 100


def distinct(*shape):
    """A random order of evenly spaced numbers: no two are equal."""
    n = torch.Size(shape).numel()
    return ((torch.randperm(n) - n // 2) / 32).reshape(shape)


def layer(case, function, x, W=None, b=None):
    """Forward, and backward for a random gradient dy."""
    given = {k: v.requires_grad_() for k, v in dict(x=x, W=W, b=b).items()
             if v is not None}
    y = function(*given.values())
    dy = normal(*y.shape)
    y.backward(dy)
    write(case, **given, dy=dy, y=y, **{"d" + k: v.grad for k, v in given.items()})


def conv(case, batch, channels, rows, columns, filters, kernel, **options):
    layer(case, lambda x, W, b: F.conv2d(x, W, b, **options),
          normal(batch, channels, rows, columns),
          normal(filters, channels, kernel, kernel), normal(filters))


def loss(case, function, y, labels):
    """The mean over the batch, as PyTorch's `reduction="mean"`."""
    labels = torch.tensor(labels)
    y.requires_grad_()
    L = function(y, labels)
    L.backward()
    write(case, y=y, labels=labels, loss=L, d=y.grad)


def mse(y, labels):
    return F.mse_loss(y, F.one_hot(labels, 10).to(y))


def optimiser(case, make):
    """Five steps with given gradients; w holds the start and all five results."""
    w = normal(7).requires_grad_()
    g = normal(5, 7)
    step = make([w])
    path = [w.detach().clone()]
    for gradient in g:
        w.grad = gradient.clone()
        step.step()
        path.append(w.detach().clone())
    write(case, g=g, w=torch.stack(path))


def flat(parameters):
    return torch.cat([p.flatten() for p in parameters])


def network(case, model, L, make):
    """Three steps on one batch of three images. parameters (4, n), gradients
    (3, n) and losses (3), in the order of the layers, W before b."""
    pixels = torch.randint(0, 256, (3, 1, 28, 28)) * (torch.rand(3, 1, 28, 28) < 0.4)
    labels = torch.tensor([3, 0, 9])
    for p in model.parameters():
        p.data = p.data.mul(1000).round().div(1000)
    step = make(model.parameters())
    parameters, gradients, losses = [flat(model.parameters()).detach()], [], []
    outputs = model(pixels / 255).softmax(1)
    for _ in range(3):
        step.zero_grad()
        value = L(model(pixels / 255), labels)
        value.backward()
        step.step()
        losses.append(value.item())
        gradients.append(flat(p.grad for p in model.parameters()))
        parameters.append(flat(model.parameters()).detach())
    write(case, pixels=pixels, labels=labels, outputs=outputs, losses=losses,
          parameters=torch.stack(parameters), gradients=torch.stack(gradients))


layer("dense_1", F.linear, normal(1, 7), normal(5, 7), normal(5))
layer("dense_3", F.linear, normal(3, 7), normal(5, 7), normal(5))

conv("conv2d_plain", 1, 1, 5, 7, 2, 3)
conv("conv2d_padding", 3, 2, 4, 6, 3, 3, padding=1)
conv("conv2d_stride", 3, 2, 8, 7, 3, 3, stride=2)
conv("conv2d_both", 1, 3, 7, 10, 2, 5, stride=2, padding=1)
conv("conv2d_wide", 3, 3, 5, 6, 4, 5, padding=2)

layer("max_pool_2", lambda x: F.max_pool2d(x, 2), distinct(3, 2, 4, 6))
layer("max_pool_rest", lambda x: F.max_pool2d(x, 2), distinct(1, 2, 5, 7))
layer("max_pool_overlap", lambda x: F.max_pool2d(x, 3, 2), distinct(3, 2, 5, 7))
layer("max_pool_ties", lambda x: F.max_pool2d(x, 2), torch.ones(1, 1, 4, 4))

layer("sigmoid", torch.sigmoid,
      torch.cat([normal(2, 6), torch.tensor([[0., -40, 40, -8, 8, 3]])]))
layer("relu", torch.relu,
      torch.cat([normal(2, 6), torch.tensor([[0., -0.01, 0.01, -9, 9, 0]])]))
layer("softmax", lambda x: x.softmax(1),
      torch.cat([normal(2, 6),
                 torch.tensor([[1000., 999, 1001, -1000, 0, 998],
                               [-1e4, -1e4, -10001, -2e4, -10002, -10001]])]))

loss("mse", mse, normal(4, 10), [0, 3, 9, 3])
loss("cross_entropy", F.cross_entropy,
     torch.cat([normal(3, 10), 1000 * normal(1, 10),
                torch.full((1, 10), -9999.0)]), [0, 3, 9, 4, 7])

optimiser("sgd", lambda w: torch.optim.SGD(w, lr=0.1))
optimiser("momentum", lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9))
optimiser("rmsprop", lambda w: torch.optim.RMSprop(w, lr=0.01, alpha=0.99, eps=1e-8))
optimiser("adam", lambda w: torch.optim.Adam(w, lr=0.01, betas=(0.9, 0.999), eps=1e-8))

network("network_cross_entropy",
        torch.nn.Sequential(torch.nn.Conv2d(1, 2, 5, stride=2, padding=2),
                            torch.nn.ReLU(), torch.nn.MaxPool2d(3, 2),
                            torch.nn.Conv2d(2, 3, 3), torch.nn.Sigmoid(),
                            torch.nn.Flatten(), torch.nn.Linear(48, 10)),
        F.cross_entropy, lambda p: torch.optim.Adam(p, lr=0.01))
network("network_mse",
        torch.nn.Sequential(torch.nn.Conv2d(1, 1, 7, stride=7), torch.nn.Sigmoid(),
                            torch.nn.Flatten(), torch.nn.Linear(16, 10)),
        lambda z, labels: mse(z.softmax(1), labels),
        lambda p: torch.optim.SGD(p, lr=0.5, momentum=0.9))
