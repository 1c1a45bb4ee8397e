# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""FracTrain simulated in PyTorch in the plain way, to measure beside.

Widths are simulated in float, and every block runs once for each candidate on
the whole batch; the choices of the gates pick from the outputs (Fu et al.:
FracTrain, 2020, whose program for CIFAR mixes so). Convolutions in blocks are
quantized: weights by output channel, activations and errors by tensor, errors
with stochastic rounding. Stem and classifier stay in fp32.
"""

import torch
import torch.nn.functional as F
from torch import nn

FORWARD, BACKWARD, WEIGHT = (3, 4, 4, 6, 6), (6, 6, 8, 8, 12), 4
FEATURES, HIDDEN = (32, 16), 16


def quantize(x, bits, low, high, noisy=False):
    """The numbers that stand for the grid of a width."""
    levels = 2**bits - 1
    scale = torch.clamp((high - low) / levels, min=1e-8)
    place = (x - low) / scale
    if noisy:
        place = place + torch.rand_like(place) - 0.5
    return torch.round(place.clamp_(0, levels)).mul_(scale).add_(low)


class Quantize(torch.autograd.Function):
    """A factor on its grid; the gradient passes."""

    @staticmethod
    def forward(context, x, bits, is_weight):
        if is_weight:
            flat, shape = x.flatten(1), [-1] + [1] * (x.dim() - 1)
            return quantize(x, bits, flat.min(1)[0].view(shape), flat.max(1)[0].view(shape))
        return quantize(x, bits, x.min(), x.max())

    @staticmethod
    def backward(context, error):
        return error, None, None


class QuantizeError(torch.autograd.Function):
    """The identity, whose gradient is rounded at random."""

    @staticmethod
    def forward(context, x, bits):
        context.bits = bits
        return x.view_as(x)

    @staticmethod
    def backward(context, error):
        return quantize(error, context.bits, error.min(), error.max(), noisy=True), None


class Conv(nn.Conv2d):
    """A convolution at the widths `forward_bits` and `backward_bits`."""

    def forward(self, x):
        y = F.conv2d(
            Quantize.apply(x, self.forward_bits, False), Quantize.apply(self.weight, WEIGHT, True),
            None, self.stride, self.padding, self.dilation, self.groups,
        )  # fmt: skip
        return QuantizeError.apply(y, self.backward_bits)


class Block(nn.Module):
    """A residual block that runs once for each candidate."""

    def __init__(self, block, channels):
        super().__init__()
        self.block = block
        sizes = (channels, *FEATURES)
        self.layers = nn.ModuleList(map(nn.Linear, sizes, sizes[1:]))
        self.convolutions = [layer for layer in block.modules() if isinstance(layer, nn.Conv2d)]
        for layer in self.convolutions:
            layer.__class__ = Conv

    def forward(self, x, choose):
        features = x.mean((2, 3))
        for index, layer in enumerate(self.layers):
            features = layer(torch.relu(features) if index else features)
        choice = choose(features)
        out = 0
        for k, widths in enumerate(zip(FORWARD, BACKWARD)):
            for layer in self.convolutions:
                layer.forward_bits, layer.backward_bits = widths
            out = out + choice[:, k].view(-1, 1, 1, 1) * self.block(x)
        return out


class FracTrain(nn.Module):
    """A residual network for 32x32 images (examples/models/networks.py) with
    gates. A pass gives the logits and the cost of the choices by sample."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.cell = nn.LSTMCell(FEATURES[-1], HIDDEN)
        self.head = nn.Linear(HIDDEN, len(FORWARD))
        blocks = []
        for stage in (network.layer1, network.layer2, network.layer3):
            blocks += [Block(block, block.conv1.in_channels) for block in stage]
        self.blocks = nn.ModuleList(blocks)
        costs = [WEIGHT * b + WEIGHT * g + b * g for b, g in zip(FORWARD, BACKWARD)]
        self.register_buffer("costs", torch.tensor(costs) / 1024)

    def forward(self, x):
        state, cost = None, 0

        def choose(features):
            nonlocal state, cost
            state = self.cell(features, state)
            scores = torch.softmax(self.head(state[0]), 1)
            winner = F.one_hot(scores.argmax(1), len(FORWARD)).to(scores.dtype)
            choice = winner + scores - scores.detach()
            cost = cost + choice @ self.costs
            return choice

        n = self.network
        x = n.relu(n.bn1(n.conv1(x)))
        for block in self.blocks:
            x = block(x, choose)
        return n.fc(torch.flatten(n.pool(x), 1)), cost

    def loss(self, x, y, target=3.0, beta=1e-3):
        """Cross-entropy and the signed cost of the batch."""
        logits, cost = self(x)
        cp = 100 * cost.mean().item() / (3 * len(self.blocks))
        sign = 1 if cp >= target else -1
        return F.cross_entropy(logits, y) + sign * beta * cost.sum()
