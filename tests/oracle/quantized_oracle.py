#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares gradients computed in integers with a simulation in PyTorch.

    quantized_oracle.py --fracc=build/bin/fracc
    quantized_oracle.py --fracc=build/bin/fracc --only='residual.*6/12'

The simulation multiplies in float what it has quantized and dequantized:
activations by one range a tensor, weights by one a output channel, errors at a
convolution's output by one a tensor, all of the batch and rounded to the
nearest, ties to even. A gradient must be within 1e-3 (relative, L2), or within
three times what the simulation's own gradient moves when its input moves by a
millionth, as a rounding tie may fall either way. Where a case says "tensor", the
weights of products with errors are quantized once more, by one range.
"""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import harness  # noqa: E402
from harness import check  # noqa: E402

harness.require("numpy", "torch", "onnx")
import numpy  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch import nn  # noqa: E402

import reference  # noqa: E402
from grad_oracle import gradients_of, norm  # noqa: E402

# Draws of noise to see how far the simulation moves: where few meet no tie,
# more are made.
FIRST_DRAWS, DRAWS = 4, 100

WIDTHS = [(8, 8), (4, 8), (3, 6), (6, 12), (2, 4)]


def quantize(x, bits, low, high):
    """The numbers that the integers of a tensor stand for. `bits` is a number or
    a tensor of them."""
    levels = 2**bits - 1
    scale = torch.clamp((high - low) / levels, min=1e-8)
    place = torch.clamp((x - low) / scale, min=0)
    place = torch.minimum(place, torch.as_tensor(levels, dtype=x.dtype))
    return torch.round(place) * scale + low


class QuantizeError(torch.autograd.Function):
    """The identity, whose gradient is quantized."""

    @staticmethod
    def forward(context, x, bits):
        context.bits = bits
        return x.view_as(x)

    @staticmethod
    def backward(context, error):
        return quantize(error, context.bits, error.min(), error.max()), None


class ErrorWeights(torch.autograd.Function):
    """Gives a product the weights of the forward pass, and its input's gradient
    others: `product(x, forward) + [product(x, backward) of value zero]`."""

    @staticmethod
    def forward(context, value, _):
        return value.view_as(value)

    @staticmethod
    def backward(context, error):
        return error, error


class Quantized:
    """What a quantized layer adds to one in float. `widths` is (bits of
    activations and weights, bits of errors), or None for float."""

    widths = None
    one_range = False

    def product(self, function, x):
        if self.widths is None:
            return function(x, self.weight, self.bias)
        forward, backward = self.widths
        if getattr(self, "groups", 1) > 1 and self.weight.shape[1] == 1:
            forward, backward = 8, 16
        w = self.weight
        flat = w.detach().flatten(1)
        shape = [-1] + [1] * (w.dim() - 1)
        low, high = flat.min(1)[0].reshape(shape), flat.max(1)[0].reshape(shape)
        w = w + (quantize(w, forward, low, high) - w).detach()
        x = x + (quantize(x, forward, x.min(), x.max()) - x).detach()
        if not self.one_range:
            return QuantizeError.apply(function(x, w, self.bias), backward)
        # One product for the value and the weights' gradient, one for the
        # gradient of the input.
        whole = self.weight.detach()
        whole = quantize(whole, forward, whole.min(), whole.max())
        value = function(x.detach(), w, self.bias)
        y = ErrorWeights.apply(value, function(x, whole, None))
        return QuantizeError.apply(y, backward)


class Conv(Quantized, nn.Conv2d):
    """A convolution in integers."""

    def forward(self, x):
        return self.product(
            lambda x, w, b: F.conv2d(
                x, w, b, self.stride, self.padding, self.dilation, self.groups
            ),
            x,
        )


class Dense(Quantized, nn.Linear):
    """A matrix product in integers."""

    def forward(self, x):
        return self.product(F.linear, x)


class Stack(Quantized, nn.Module):
    """Products of matrices, both of which are activations."""

    def __init__(self):
        nn.Module.__init__(self)

    def forward(self, a, b):
        if self.widths is None:
            return a @ b
        forward, backward = self.widths
        a = a + (quantize(a, forward, a.min(), a.max()) - a).detach()
        b = b + (quantize(b, forward, b.min(), b.max()) - b).detach()
        return QuantizeError.apply(a @ b, backward)


class Head(nn.Module):
    """Mean over pixels and a product that stays in float: it is the last."""

    def __init__(self, channels):
        super().__init__()
        self.fc = nn.Linear(channels, 5)

    def forward(self, x):
        return self.fc(x.mean((2, 3)))


class Residual(nn.Module):
    """A residual block whose shortcut is a projection."""

    def __init__(self):
        super().__init__()
        self.conv1 = Conv(6, 12, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(12)
        self.conv2 = Conv(12, 12, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(12)
        self.shortcut = Conv(6, 12, 1, stride=2, bias=False)
        self.bn3 = nn.BatchNorm2d(12)
        self.head = Head(12)

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return self.head(torch.relu(y + self.bn3(self.shortcut(x))))


class Squeeze(nn.Module):
    """Channels weighed by products of their means."""

    def __init__(self):
        super().__init__()
        self.conv = Conv(5, 12, 3, padding=1)
        self.less, self.more = Conv(12, 4, 1), Conv(4, 12, 1)
        self.head = Head(12)

    def forward(self, x):
        x = torch.relu(self.conv(x))
        weights = self.more(torch.relu(self.less(F.adaptive_avg_pool2d(x, 1))))
        return self.head(x * torch.sigmoid(weights))


class Tokens(nn.Module):
    """Matrix products whose rows are patches of an image."""

    def __init__(self):
        super().__init__()
        self.patch = Conv(3, 12, 4, stride=4)
        self.norm = nn.LayerNorm(12)
        self.fc1, self.fc2, self.fc3 = Dense(12, 20), Dense(20, 12), nn.Linear(12, 5)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = x + self.fc2(torch.relu(self.fc1(self.norm(x))))
        return self.fc3(x.mean(1))


class Attention(nn.Module):
    """Heads that look at patches of an image."""

    def __init__(self, width=16, heads=2):
        super().__init__()
        self.heads = heads
        self.patch, self.norm = Conv(3, width, 4, stride=4), nn.LayerNorm(width)
        self.query, self.value, self.out = (Dense(width, width) for _ in range(3))
        # One that is added to all keys changes nothing.
        self.key = Dense(width, width, bias=False)
        self.scores, self.mixture = Stack(), Stack()
        self.fc = nn.Linear(width, 5)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        count, tokens, width = x.shape
        y = self.norm(x)
        q, k, v = (
            layer(y).reshape(count, tokens, self.heads, width // self.heads).transpose(1, 2)
            for layer in (self.query, self.key, self.value)
        )
        weights = (self.scores(q, k.transpose(-2, -1)) / 3).softmax(-1)
        y = self.mixture(weights, v).transpose(1, 2).reshape(count, tokens, width)
        return self.fc((x + self.out(y)).mean(1))


class Perceptron(nn.Module):
    """Two quantized matrix products and one in float."""

    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = Dense(30, 24), Dense(24, 17), nn.Linear(17, 5)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        return self.fc3(torch.relu(self.fc2(x)))


def networks():
    """(name, module, shape of a sample)."""
    yield "plain", lambda: nn.Sequential(Conv(3, 16, 3, padding=1), nn.ReLU(), Head(16)), (3, 12, 12)
    yield "strided-5x5", lambda: nn.Sequential(
        Conv(3, 20, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(20), nn.ReLU(), Head(20)
    ), (3, 15, 15)
    yield "two", lambda: nn.Sequential(
        Conv(4, 8, 3, padding=1), nn.ReLU(), Conv(8, 17, 3), nn.ReLU(), Head(17)
    ), (4, 11, 11)
    # Enough channels for minimal filtering.
    yield "filtered", lambda: nn.Sequential(
        Conv(16, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        Conv(64, 64, 3, padding=1), nn.ReLU(), Head(64),
    ), (16, 9, 10)
    yield "residual", Residual, (6, 10, 10)
    yield "depthwise", lambda: nn.Sequential(
        Conv(3, 8, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(),
        Conv(8, 8, 3, padding=1, groups=8, bias=False), nn.BatchNorm2d(8), nn.ReLU6(),
        Conv(8, 6, 1, bias=False), nn.BatchNorm2d(6), Head(6),
    ), (3, 9, 9)
    yield "grouped", lambda: nn.Sequential(
        Conv(6, 12, 3, stride=2, groups=3, bias=False), nn.BatchNorm2d(12), nn.ReLU(),
        Conv(12, 9, 3, dilation=2, padding=2), nn.ReLU(), Head(9),
    ), (6, 13, 13)
    yield "perceptron", Perceptron, (30,)
    # What stands behind a reshape has its channels first.
    yield "groups", lambda: nn.Sequential(
        Conv(3, 8, 3, padding=1), nn.GroupNorm(2, 8), nn.ReLU(), nn.MaxPool2d(2),
        Conv(8, 9, 3), nn.GroupNorm(3, 9), nn.ReLU(), Head(9),
    ), (3, 13, 13)
    yield "squeeze", Squeeze, (5, 8, 8)
    yield "tokens", Tokens, (3, 12, 12)


def build(name, make, widths, one_range=False):
    """The network with the weights of its name, at these widths."""
    module = reference.seeded(name, make)
    for layer in module.modules():
        if isinstance(layer, Quantized):
            layer.widths = widths
            layer.one_range = one_range
    return module.train()


def simulate(name, make, widths, one_range, x, y):
    """The loss and the gradients of the simulation."""
    module = build(name, make, widths, one_range)
    loss = F.cross_entropy(module(torch.from_numpy(x)), torch.from_numpy(y))
    loss.backward()
    gradients = {key: value.grad.numpy() for key, value in module.named_parameters()}
    return loss.item(), gradients


def compare(x, simulate, ours, shaken=None):
    """Raises unless all gradients of `ours` are close to those of `simulate(x)`,
    which are (loss, {name: gradient}); returns (the worst error, whether the
    first draws of noise were enough). After those `shaken` simulates instead."""
    loss, expected = simulate(x)
    missing = sorted(set(expected) - set(ours))
    check(not missing, f"no gradient of {', '.join(missing)}")
    extra = sorted(set(ours) - set(expected) - {"loss"})
    check(not extra, f"gradients of what is no parameter: {', '.join(extra)}")
    sizes = {key: norm(value) for key, value in expected.items()}
    top = max(sizes.values())
    errors = {key: norm(ours[key] - value) for key, value in expected.items()}
    moved = {key: 0.0 for key in expected}
    generator = numpy.random.default_rng(0)
    for draw in range(1, DRAWS + 1):
        noise = 1 + 1e-6 * generator.choice([-1.0, 1.0], x.shape)
        near = (x * noise).astype(numpy.float32)
        _, other = (shaken if shaken and draw > FIRST_DRAWS else simulate)(near)
        for key, value in other.items():
            moved[key] = max(moved[key], norm(value - expected[key]))
        far = [
            key
            for key in expected
            if not errors[key] <= max(1e-3 * sizes[key], 3 * moved[key], 1e-6 * top)
        ]
        if draw >= FIRST_DRAWS and not far:
            break
    complaints = [
        f"{key}: off by {errors[key] / max(sizes[key], 1e-30):.2e} relative, the "
        f"simulation moves by {moved[key] / max(sizes[key], 1e-30):.2e}"
        for key in far
    ]
    check(not complaints, "\n    ".join(complaints))
    worst = max(errors[key] / max(sizes[key], 1e-3 * top) for key in expected)
    check(abs(ours["loss"] - loss) <= 1e-4 * abs(loss) + 1e-6, f"loss {ours['loss']}, not {loss}")
    return worst, draw == FIRST_DRAWS


def run_case(suite, case, options, root):
    """One network at one pair of widths."""
    name, make, shape, widths, one_range = case
    forward, backward = widths
    with suite.case(label(case), True) as info:
        folder = root / label(case).replace(" ", "-").replace("/", "-")
        folder.mkdir(parents=True)
        model, recipe = folder / "model.onnx", folder / "recipe.toml"
        with reference.LOCK:
            reference.export(build(name, make, None), reference.random_x(name, shape, 8), model)
        recipe.write_text(
            f'[precision]\npolicy = "static"\nforward = {forward}\nbackward = {backward}\n'
            'rounding_backward = "nearest"\n'
            f'error_weights = "{"tensor" if one_range else "channel"}"\n'
        )
        executable = harness.compile_model(
            options.fracc, model, folder / "program", f"--recipe={recipe}", "--batch=8"
        )
        x = reference.random_x(name, shape, 8)
        y = (numpy.arange(8) % 5).astype(numpy.int64)
        batch = folder / "batch.npz"
        numpy.savez(batch, x=x, y=y)
        ours = gradients_of(executable, batch, folder, "gradients")
        with reference.LOCK:
            worst, _ = compare(x, lambda x: simulate(name, make, widths, one_range, x, y), ours)
        info["note"] = f"worst {worst:.1e}"
        if not options.keep:
            executable.unlink()


def label(case):
    """The name of a case."""
    name, _, _, (forward, backward), one_range = case
    return f"{name} {forward}/{backward}" + (" tensor" if one_range else "")


def main():
    parser = harness.arguments(__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="cases at a time")
    options = parser.parse_args()
    torch.set_num_threads(1)
    suite = harness.Suite("oracle.quantized")
    with harness.workspace(options.keep) as root, ThreadPoolExecutor(options.jobs) as pool:
        cases = [(*network, widths, False) for network in networks() for widths in WIDTHS]
        # Errors go through weights in these alone.
        cases += [
            (*network, widths, True)
            for network in networks()
            if network[0] in ("two", "residual", "depthwise", "perceptron")
            for widths in WIDTHS[:3]
        ]
        # Softmax makes numbers of every size of scores on a coarse grid: at more
        # bits one of many errors is at a tie, which noise in the input does not
        # move.
        attention = ("attention", Attention, (3, 12, 12))
        cases += [(*attention, widths, False) for widths in ((3, 6), (2, 4))]
        outcomes = [
            pool.submit(run_case, suite, case, options, root)
            for case in cases
            if re.search(options.only, label(case))
        ]
        for outcome in outcomes:
            outcome.result()
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
