# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gated training in PyTorch, to compare with (methods as published, with the
mixture of widths at the operands of each contraction).

Every candidate of every factor is computed, and autograd does the rest: a
factor is sum_k m_k Q(A; b_k), where m is one-hot by the largest score with the
gradient of the scores; the error at a contraction's output is quantized to the
width paired with the sample's choice, in the range of the whole tensor; the
gates are PyTorch's own LSTM cell; the loss has the signed cost of the choices.

Where a candidate has 0 bits, outputs of blocks are mixed: r B + (1 - r) I with
the share r = sum of m_k over the candidates that run, B the block's output and I
its entry, activated. The widths in B are mixed by m_k / r; for samples with
r = 0 by the best of the candidates that run, and without a gradient. Statistics
and ranges are of the samples with r = 1.
"""

from dataclasses import dataclass

import numpy
import torch
import torch.nn.functional as F
from quantized_oracle import ErrorWeights, QuantizeError, quantize
from torch import nn

# How far the sums of two programs in float may be apart, relatively.
ROUNDING = 2.5e-7

# Bits of depthwise products: activations and weights, errors.
DEPTHWISE = (8, 16)


@dataclass
class Settings:
    """The keys of a recipe that gates heed, under their names."""

    policy: str = "dfq"
    weight: int = 4
    forward: tuple = (3, 4, 4, 6, 6)
    backward: tuple = (6, 6, 8, 8, 12)
    features: tuple = (32, 16)
    hidden: int = 16
    granularity: str = "block"
    keep_float: tuple = ("first", "last")
    error_weights: str = "channel"
    target_cp: float = 3.0
    beta: float = 1e-3
    relax: float = 0.0
    range: float = 0.0
    cap: float = 0.0
    force: int = -1

    def candidate_costs(self):
        """c_k: the three products of a candidate as a part of float."""
        b, g = numpy.array(self.forward, float), numpy.array(self.backward, float)
        return (self.weight * b + self.weight * g + b * g) / 1024

    def sign(self, cp):
        """The factor of the cost where it is `cp` percent of float."""
        if self.policy == "dfq":
            if cp < self.target_cp - self.relax:
                return -1.0
            if cp >= self.target_cp + self.relax:
                return 1.0
            return 0.1 if cp >= self.target_cp else -0.1
        if cp < self.target_cp:
            return -1.0
        return 1.0 if cp >= self.target_cp + self.range else 0.0


@dataclass
class Gate:
    """What one gate decides on."""

    name: str
    macs: int = 0
    choice: torch.Tensor = None  # (samples, candidates), of this pass
    skips: bool = False  # whether its block may be skipped
    share: torch.Tensor = None  # r of each sample
    runs: torch.Tensor = None  # the same without a gradient
    ranged: torch.Tensor = None  # the samples whose range activations have
    width: torch.Tensor = None  # the choice among the candidates that run


class Gates:
    """The gates of a network: one shared cell, whose state goes from gate to
    gate in the order in which their first contractions run."""

    def __init__(self, settings, gates, seed):
        self.settings = settings
        self.gates = gates
        self.seed = seed
        self.parameters = {}
        self.noise = None
        self.start()

    def start(self):
        """Forgets the pass before."""
        self.state = None
        self.order = []
        self.depthwise_macs = 0
        for gate in self.gates:
            gate.choice, gate.macs = None, 0

    def shake(self, x):
        """`x`, or with `noise` what another order of its sums might give."""
        if self.noise is None:
            return x
        signs = torch.randint(-1, 2, x.shape, generator=self.noise)
        return x * (1 + ROUNDING * signs)

    def parameter(self, name, shape, inputs, scale=1.0):
        """A leaf, random by its name."""
        name = "gate/" + name
        if name not in self.parameters:
            generator = numpy.random.default_rng([self.seed, *name.encode()])
            value = generator.standard_normal(shape) * scale / numpy.sqrt(inputs)
            leaf = torch.tensor(value.astype(numpy.float32), requires_grad=True)
            self.parameters[name] = leaf
        return self.parameters[name]

    def linear(self, name, x, outputs, scale):
        inputs = x.shape[1]
        return F.linear(
            x,
            self.parameter(f"{name}/weight", (outputs, inputs), inputs, scale),
            self.parameter(f"{name}/bias", (outputs,), inputs),
        )

    def choose(self, gate, entry):
        """The choice of a gate that sees `entry`; of one a pass."""
        if gate.choice is not None:
            return gate.choice
        self.order.append(gate)
        features = entry.flatten(2).mean(2) if entry.dim() > 2 else entry
        for index, outputs in enumerate(self.settings.features):
            if index:
                features = torch.relu(features)
            features = self.linear(f"{gate.name}/layer{index + 1}", features, outputs, 3)
        size, inputs = self.settings.hidden, features.shape[1]
        weights = self.parameter("cell/weight_input", (4 * size, inputs), size, 2)
        bias = self.parameter("cell/bias", (4 * size,), size)
        if self.state is None:
            zeros = features.new_zeros(len(features), size)
            self.state = (zeros, zeros)
            recurrent = features.new_zeros(4 * size, size)
        else:
            recurrent = self.parameter("cell/weight_hidden", (4 * size, size), size, 2)
        self.state = torch.lstm_cell(
            features, self.state, weights, recurrent, bias, torch.zeros_like(bias)
        )
        count = len(self.settings.forward)
        zero = torch.tensor(self.settings.forward) == 0
        scores = self.linear("head", self.state[0], count, 8)
        if not gate.skips:
            scores = scores.masked_fill(zero, -torch.inf)
        scores = torch.softmax(scores, 1)
        winner, forced = scores.argmax(1), self.settings.force
        if forced >= 0 and (gate.skips or not zero[forced]):
            winner = torch.full_like(winner, forced)
        gate.choice = F.one_hot(winner, count).to(scores.dtype) + (scores - scores.detach())
        gate.width = gate.choice
        if gate.skips:
            self.mix_skipped(gate, scores, zero)
        return gate.choice

    def mix_skipped(self, gate, scores, zero):
        """What follows from the choice of a gate whose block may be skipped."""
        chosen = gate.choice * ~zero
        share = chosen.sum(1)
        gate.runs = share.detach().round()
        # A forced gate does not look at what it does not choose.
        learns = gate.runs if self.settings.force >= 0 else torch.ones_like(gate.runs)
        gate.share = learns * share
        gate.ranged = gate.runs if gate.runs.any() else learns
        best = scores.detach().masked_fill(zero, -1).argmax(1)
        skipped = 1 - gate.runs
        gate.width = chosen / (share + skipped)[:, None]
        gate.width = gate.width + F.one_hot(best, len(zero)) * skipped[:, None]

    def penalty(self, cross_entropy):
        """(the term of the loss, the cost of the batch in percent)."""
        s = self.settings
        samples = len(self.order[0].choice)
        costs = torch.tensor(s.candidate_costs(), dtype=torch.float32)
        macs = [gate.macs for gate in self.order]
        # Forward 8 x 8, the other two 8 x 16 bits.
        activation, error = DEPTHWISE
        fixed = self.depthwise_macs * (activation**2 + 2 * activation * error) / 1024
        cost = samples * fixed
        for gate in self.order:
            cost = cost + gate.macs * (gate.choice * costs).sum()
        cp = 100 * cost.item() / (samples * (3 * sum(macs) + fixed))
        term = s.sign(cp) * s.beta * cost / numpy.mean(macs)
        if s.cap > 0:
            bound = s.cap * cross_entropy.item()
            if abs(term.item()) > bound:
                term = term * (bound / abs(term.item()))
        return term, cp


class ClearError(torch.autograd.Function):
    """The identity, whose gradient is 0 for samples that are 0 in `rows`."""

    @staticmethod
    def forward(context, x, rows):
        context.rows = rows
        return x.view_as(x)

    @staticmethod
    def backward(context, error):
        return error * context.rows, None


class ShakeError(torch.autograd.Function):
    """The identity, whose gradient is shaken."""

    @staticmethod
    def forward(context, x, gates):
        context.gates = gates
        return x.view_as(x)

    @staticmethod
    def backward(context, error):
        return context.gates.shake(error), None


def on_grid(leaf, quantized):
    """`quantized` in value, with the gradient of `leaf`."""
    return quantized.detach() + (leaf - leaf.detach())


class Gated:
    """What a contraction adds to one in float. Without `gates` it is float;
    with gates and no `gate` it is a depthwise one."""

    gates = gate = None

    def product(self, function, x):
        if self.gates is None:
            return function(x, self.weight, self.bias)
        s = self.gates.settings
        factor = self.gates.shake(x.detach())
        ends = factor.min(), factor.max()
        skips = self.gate is not None and self.gate.skips
        if self.gate is None:
            weight_bits, error_bits = DEPTHWISE
            mixed = on_grid(x, quantize(factor, weight_bits, *ends))
        else:
            choice = self.gates.choose(self.gate, x)
            weight_bits = s.weight
            per_sample = [-1] + [1] * (x.dim() - 1)
            if skips:
                factors = factor[self.gate.ranged > 0]
                none = torch.zeros(())
                ends = (factors.min(), factors.max()) if len(factors) else (none, none)
            mixed = x - x.detach()
            for k, bits in enumerate(s.forward):
                if bits:
                    part = self.gate.width[:, k].view(per_sample)
                    mixed = mixed + part * quantize(factor, bits, *ends)
            widths = torch.tensor(s.backward)[choice.detach().argmax(1)]
            # Errors of samples that skip are cleared.
            error_bits = widths.clamp(min=1).view(per_sample)
        w = self.weight
        flat = w.detach().flatten(1)
        shape = [-1] + [1] * (w.dim() - 1)
        low, high = flat.min(1)[0].view(shape), flat.max(1)[0].view(shape)
        w = on_grid(w, quantize(w, weight_bits, low, high))
        if s.error_weights == "channel":
            y = function(mixed, w, self.bias)
        else:
            # The value and the weights' gradient from one product, the
            # gradient of the input from another.
            whole = self.weight.detach()
            whole = quantize(whole, weight_bits, whole.min(), whole.max())
            value = function(mixed.detach(), w, self.bias)
            y = ErrorWeights.apply(value, function(mixed, whole, None))
        self.count(y)
        if skips:
            y = ClearError.apply(y, self.gate.runs.view(per_sample))
        return ShakeError.apply(QuantizeError.apply(y, error_bits), self.gates)

    def count(self, y):
        """Adds the multiply-accumulates of a sample to what the gate decides on,
        or to what is fixed."""
        pixels = y[0].numel() // y.shape[1]
        macs = self.weight.numel() * pixels
        if self.gate:
            self.gate.macs += macs
        else:
            self.gates.depthwise_macs += macs


class Conv(Gated, nn.Conv2d):
    """A convolution with a choice of widths."""

    def is_depthwise(self):
        return self.groups == self.in_channels > 1

    def forward(self, x):
        return self.product(
            lambda x, w, b: F.conv2d(
                x, w, b, self.stride, self.padding, self.dilation, self.groups
            ),
            x,
        )


class Dense(Gated, nn.Linear):
    """A matrix product with a choice of widths."""

    def is_depthwise(self):
        return False

    def forward(self, x):
        return self.product(F.linear, x)


class Norm(nn.BatchNorm2d):
    """BatchNormalization by the samples that run the block around it."""

    gate = None

    def forward(self, x):
        if self.gate is None:
            return super().forward(x)
        rows = self.gate.runs.view(-1, 1, 1, 1)
        mean, variance = self.running_mean, self.running_var
        count = rows.sum() * x[0, 0].numel()
        if count:
            mean = (x * rows).sum((0, 2, 3)) / count
            centred = (x - mean[:, None, None]) * rows
            variance = centred.square().sum((0, 2, 3)) / count
        factor = self.weight / torch.sqrt(variance + self.eps)
        return (x - mean[:, None, None]) * factor[:, None, None] + self.bias[:, None, None]


class Skippable(nn.Module):
    """A block that adds its entry to what it computes."""

    joined = True
    gates = gate = None

    def add(self, x, branch, activation=None):
        """activation(x + branch(x)), or what the gate mixes."""
        activation = activation or (lambda y: y)
        if self.gate is None:
            return activation(branch(x) + x)
        self.gates.choose(self.gate, x)
        share = self.gate.share.view([-1] + [1] * (x.dim() - 1))
        return share * activation(branch(x) + x) + (1 - share) * activation(x)


def attach(module, settings, seed):
    """Gives the contractions of a network their gates, by the names that the
    exporter gives to nodes. A module with `joined` ends in an addition and is a
    block; samples may skip one that is `Skippable`. Returns the gates."""
    found = {}
    gates = Gates(settings, [], seed)
    for path, layer in module.named_modules():
        if not isinstance(layer, Gated):
            continue
        kind = "Conv" if isinstance(layer, Conv) else "Gemm"
        name = "/" + path.replace(".", "/") + "/" + kind
        skipped = None
        if settings.granularity == "block":
            parts = path.split(".")
            for count in range(len(parts), -1, -1):
                around = module.get_submodule(".".join(parts[:count]))
                if getattr(around, "joined", False):
                    name = "/".join(["", *parts[:count], "Add"])
                    skipped = around if isinstance(around, Skippable) else None
                    break
        layer.gates = gates
        if not layer.is_depthwise():
            layer.gate = found.setdefault(name, Gate(name))
            if skipped is not None and 0 in settings.forward:
                layer.gate.skips = True
                skipped.gates, skipped.gate = gates, layer.gate
                for part in skipped.modules():
                    if isinstance(part, Norm):
                        part.gate = layer.gate
    gates.gates = list(found.values())
    return gates
