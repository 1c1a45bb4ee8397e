# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whole networks of the gradient oracle, as PyTorch exports them."""

import sys

import numpy
import torch
import torch.nn.functional as F
from torch import nn

from harness import MODELS
from reference import exported, random_x

sys.path.insert(0, str(MODELS))
import networks  # noqa: E402


class Tied(nn.Module):
    """One weight used twice, the second time transposed: an autoencoder."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(0.3 * torch.randn(12, 20))
        self.bias = nn.Parameter(torch.zeros(12))

    def forward(self, x):
        hidden = torch.tanh(F.linear(x, self.weight, self.bias))
        return torch.matmul(hidden, self.weight)


class TiedConv(nn.Module):
    """One convolution applied three times."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1)
        self.fc = nn.Linear(4, 5)

    def forward(self, x):
        for _ in range(3):
            x = torch.relu(self.conv(x))
        return self.fc(x.mean((2, 3)))


class Dropped(nn.Module):
    """Dropout of ratio 0: exported, and without effect."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(16, 12)
        self.drop = nn.Dropout(0.0)
        self.fc2 = nn.Linear(12, 4)

    def forward(self, x):
        return self.fc2(self.drop(torch.relu(self.fc1(x))))


class Unused(nn.Module):
    """Reads only half of a parameter; the other half has gradient zero."""

    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.randn(10, 6))
        self.fc = nn.Linear(6, 4)

    def forward(self, x):
        return self.fc(x * self.table[2:7].mean(0))


class Branches(nn.Module):
    """A value that four others read: gradients meet and add up."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(10, 10)
        self.b = nn.Linear(10, 10)
        self.c = nn.Linear(10, 4)

    def forward(self, x):
        h = torch.tanh(self.a(x))
        k = torch.sigmoid(self.b(h))
        return self.c(h * k + h - k * k)


class Unet(nn.Module):
    """Down, up by a transposed convolution, and a concatenated skip."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(2, 6, 3, padding=1)
        self.norm = nn.BatchNorm2d(6)
        self.middle = nn.Conv2d(6, 8, 3, padding=1)
        self.up = nn.ConvTranspose2d(8, 6, 2, stride=2)
        self.out = nn.Conv2d(12, 1, 1)

    def forward(self, x):
        skip = torch.relu(self.norm(self.down(x)))
        y = torch.relu(self.middle(F.max_pool2d(skip, 2)))
        return torch.flatten(self.out(torch.cat([self.up(y), skip], 1)), 1)


class SqueezeExcite(nn.Module):
    """Depthwise convolution with a squeeze-and-excitation gate and SiLU."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(8)
        self.depthwise = nn.Conv2d(8, 8, 5, padding=2, groups=8, bias=False)
        self.reduce = nn.Conv2d(8, 2, 1)
        self.expand = nn.Conv2d(2, 8, 1)
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        x = F.silu(self.depthwise(F.silu(self.bn(self.stem(x)))))
        gate = F.adaptive_avg_pool2d(x, 1)
        gate = torch.sigmoid(self.expand(F.silu(self.reduce(gate))))
        return self.fc(F.adaptive_avg_pool2d(x * gate, 1).flatten(1))


class HardSwishNet(nn.Module):
    """A MobileNetV3 kind of block."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        x = F.hardswish(self.bn(self.conv(x)))
        return self.fc(F.hardsigmoid(x).mean((2, 3)))


class Attention(nn.Module):
    """A transformer block over image patches, as the exporter takes it apart."""

    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 16, 4, stride=4)
        self.position = nn.Parameter(0.1 * torch.randn(1, 16, 16))
        self.norm1 = nn.LayerNorm(16)
        self.qkv = nn.Linear(16, 48)
        self.project = nn.Linear(16, 16)
        self.norm2 = nn.LayerNorm(16)
        self.fc1 = nn.Linear(16, 32)
        self.fc2 = nn.Linear(32, 16)
        self.head = nn.Linear(16, 5)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2) + self.position
        y = self.norm1(x)
        q, k, v = self.qkv(y).reshape(-1, 16, 3, 2, 8).permute(2, 0, 3, 1, 4).unbind(0)
        weights = torch.softmax(q @ k.transpose(-2, -1) * 8**-0.5, -1)
        x = x + self.project((weights @ v).transpose(1, 2).reshape(-1, 16, 16))
        x = x + self.fc2(F.gelu(self.fc1(self.norm2(x))))
        return self.head(x.mean(1))


class TwoNorms(nn.Module):
    """Normalization with a bias before it (whose gradient is zero), of both
    ranks, and one parameter that scales everything."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 6, 3)
        self.bn2 = nn.BatchNorm2d(6, eps=1e-3, momentum=0.3)
        self.fc = nn.Linear(6 * 36, 10)
        self.bn1 = nn.BatchNorm1d(10)
        self.gain = nn.Parameter(torch.tensor(1.7))

    def forward(self, x):
        x = torch.relu(self.bn2(self.conv(x))).flatten(1)
        return self.bn1(self.fc(x)) * self.gain


class Shaped(nn.Module):
    """Views whose shapes are computed from the batch, as scripts often do."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 8, 3, padding=1)
        self.fc = nn.Linear(32, 5)

    def forward(self, x):
        y = self.conv(x)
        n, c, h, w = y.shape
        y = y.view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, -1, h, w)
        y = F.avg_pool2d(torch.relu(y), 4)
        return self.fc(y.view(y.size(0), -1))


def trained(name):
    """An example network whose normalizations look as after some training.

    As initialized, scales before a depthwise convolution or a further
    normalization have gradients of almost zero: nothing but rounding errors.
    """
    model = networks.make(name, seed=1)[0]
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0.0, 0.4)
    return model


def network(name, seed, classes=10, batch=8, **options):
    """An example network on random images.

    The seed is one for which no ReLU sees a value within about 1e-6 of its
    kink: there rounding decides the gradient, in PyTorch as elsewhere.
    """
    _, shape = networks.make(name)
    generator = numpy.random.default_rng(seed)
    x = generator.standard_normal((batch, *shape)).astype(numpy.float32)
    return exported(
        "network-" + name, lambda: trained(name), x,
        loss="softmax-cross-entropy", classes=classes, required=True, forward=False, **options,
    )  # fmt: skip


def small(name, make, shape, classes=5, batch=6, **options):
    """A small network on random input, classifying."""
    return exported(
        name, make, random_x(name, shape, batch),
        **{"loss": "softmax-cross-entropy", "classes": classes, **options},
    )  # fmt: skip


def cases():
    """All networks, cheap ones first."""
    return [
        network("mlp", 0),
        network("lenet", 0),
        network("resnet8", 1),
        network("mobilenet-small", 17),
        exported(
            "network-resnet8-short-batch", lambda: trained("resnet8"),
            random_x("short", (3, 32, 32), 5), planned=8, loss="softmax-cross-entropy",
            classes=10, required=True, forward=False,
        ),
        small("tied-transposed", Tied, (20,), loss="mse", required=True),
        small("tied-conv", TiedConv, (4, 7, 7), required=True),
        small("dropout-zero", Dropped, (16,), classes=4, required=True),
        small("half-used", Unused, (6,), classes=4),
        small("branches", Branches, (10,), classes=4),
        small("unet", Unet, (2, 8, 8), loss="mse", forward=False),
        small("squeeze-excite", SqueezeExcite, (3, 16, 16), forward=False),
        small("hardswish-block", HardSwishNet, (3, 9, 9), forward=False),
        small("attention-block", Attention, (3, 16, 16)),
        small("two-norms", TwoNorms, (2, 8, 8), classes=10, batch=7, required=True, forward=False),
        small("computed-shapes", Shaped, (4, 8, 8)),
        network("resnet20", 13, batch=4),
        # Deep and with few samples, so that some kink always meets rounding:
        # PyTorch itself is off from float64 by 1e-4 to 1e-2 here.
        network("mobilenetv2", 8, batch=1, tolerance=2e-2, differences=False),
    ]  # fmt: skip


def large():
    """Networks that take long: only by --suite=large."""
    return [network("resnet38", 0, batch=4), network("resnet18", 0, classes=1000, batch=2)]
