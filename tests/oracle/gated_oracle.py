#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the gradients of gated programs with a simulation in PyTorch.

    gated_oracle.py --fracc=build/bin/fracc
    gated_oracle.py --fracc=build/bin/fracc --only='residual.*layer'

Each case is a network with one list of candidates, compiled once and run under
several settings of the policy. The gates start from large random weights, so
that the samples of a batch choose different widths. Every gradient, of weights
and of gate parameters, must be as near to the simulation's as in
quantized_oracle.py, and so must the loss with its cost term.
Where noise at the input is not enough, because a quantizer swallows it, what
goes into each quantizer moves by the rounding of floats as well.
"""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from quantized_oracle import Head, compare, gradients_of, harness, numpy, reference, torch
from harness import check
import torch.nn.functional as F
from gated_simulation import Conv, Dense, Norm, Settings, Skippable, attach
from torch import nn

BATCH = 16


def stem(channels, inputs=3):
    """The first contraction, which stays in float."""
    return [
        nn.Conv2d(inputs, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()
    ]  # fmt: skip


class Residual(nn.Module):
    """Two convolutions beside a projection or the identity."""

    joined = True

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = Conv(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = Conv(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = self.bn3 = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = Conv(inputs, outputs, 1, stride, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + self.bn3(self.shortcut(x)))


class Identity(Skippable):
    """Two convolutions beside the identity, with an activation behind."""

    def __init__(self, channels, bias=False):
        super().__init__()
        self.conv1 = Conv(channels, channels, 3, padding=1, bias=bias)
        self.bn1 = Norm(channels)
        self.conv2 = Conv(channels, channels, 3, padding=1, bias=bias)
        self.bn2 = Norm(channels)

    def forward(self, x):
        return self.add(
            x, lambda y: self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(y))))), torch.relu
        )


class PreActivation(Skippable):
    """A block that begins with normalization and ends with the addition."""

    def __init__(self, channels):
        super().__init__()
        self.bn1 = Norm(channels)
        self.conv1 = Conv(channels, channels, 3, padding=1, bias=False)
        self.bn2 = Norm(channels)
        self.conv2 = Conv(channels, channels, 1, bias=False)

    def branch(self, x):
        y = self.conv1(torch.relu(self.bn1(x)))
        return self.conv2(torch.relu(self.bn2(y)))

    def forward(self, x):
        return self.add(x, self.branch)


class DenseIdentity(Skippable):
    """Two matrix products beside the identity."""

    def __init__(self, width, hidden):
        super().__init__()
        self.first = Dense(width, hidden)
        self.second = Dense(hidden, width)

    def forward(self, x):
        return self.add(x, lambda y: self.second(torch.relu(self.first(y))), torch.relu)


class Inverted(nn.Module):
    """Expand, depthwise, project; with a stride there is no addition."""

    def __init__(self, inputs, outputs, expansion, stride=1):
        super().__init__()
        width = inputs * expansion
        self.expand = Conv(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.depthwise = Conv(width, width, 3, stride, 1, groups=width, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.project = Conv(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.joined = stride == 1
        self.shortcut = nn.Identity()
        if self.joined and inputs != outputs:
            self.shortcut = Conv(inputs, outputs, 1, bias=False)

    def forward(self, x):
        y = F.relu6(self.bn1(self.expand(x)))
        y = F.relu6(self.bn2(self.depthwise(y)))
        y = self.bn3(self.project(y))
        return y + self.shortcut(x) if self.joined else y


class Branches(nn.Module):
    """Two convolutions of one input, side by side."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.a = Conv(inputs, outputs, 3, padding=1)
        self.b = Conv(inputs, outputs, 1)

    def forward(self, x):
        return torch.relu(torch.cat([self.a(x), self.b(x)], 1))


class Sum(nn.Module):
    """Two convolutions whose outputs are added: both see one error."""

    joined = True

    def __init__(self, inputs, outputs):
        super().__init__()
        self.a = Conv(inputs, outputs, 3, padding=1, bias=False)
        self.b = Conv(inputs, outputs, 3, padding=1, bias=False)

    def forward(self, x):
        return torch.relu(self.a(x) + self.b(x))


def networks():
    """{name: (module, shape of a sample)}."""
    return {
        "residual": (
            lambda: nn.Sequential(*stem(6), Residual(6, 12, 2), Residual(12, 12, 1), Head(12)),
            (3, 10, 10),
        ),
        "mixed": (
            lambda: nn.Sequential(*stem(6), Residual(6, 10, 2), Inverted(10, 10, 3), Head(10)),
            (3, 12, 12),
        ),
        "inverted": (
            lambda: nn.Sequential(
                *stem(8), Inverted(8, 12, 2), Inverted(12, 10, 2, stride=2), Head(10)
            ),
            (3, 9, 9),
        ),
        "plain": (
            lambda: nn.Sequential(
                *stem(8), Conv(8, 17, 3, bias=False), nn.BatchNorm2d(17), nn.ReLU(),
                Conv(17, 9, 3, stride=2, padding=1), nn.ReLU(), Head(9),
            ),
            (3, 11, 11),
        ),
        "grouped": (
            lambda: nn.Sequential(
                *stem(6), Conv(6, 12, 3, stride=2, groups=3, bias=False), nn.BatchNorm2d(12),
                nn.ReLU(), Conv(12, 9, 3, dilation=2, padding=2), nn.ReLU(), Head(9),
            ),
            (3, 13, 13),
        ),
        "branches": (
            lambda: nn.Sequential(*stem(6), Branches(6, 7), Sum(14, 8), Head(8)), (3, 8, 8)
        ),
        "perceptron": (
            lambda: nn.Sequential(
                nn.Linear(30, 24), nn.ReLU(), Dense(24, 17), nn.ReLU(), Dense(17, 20), nn.ReLU(),
                nn.Linear(20, 5),
            ),
            (30,),
        ),
        "skips": (
            lambda: nn.Sequential(*stem(6), Identity(6), Residual(6, 12, 2), Head(12)),
            (3, 10, 10),
        ),
        "skips twice": (
            lambda: nn.Sequential(*stem(8), PreActivation(8), Identity(8, True), Head(8)),
            (3, 10, 10),
        ),
        "skips products": (
            lambda: nn.Sequential(
                nn.Linear(30, 24), nn.ReLU(), DenseIdentity(24, 17), DenseIdentity(24, 33),
                nn.Linear(24, 5),
            ),
            (30,),
        ),
        # Gates that look at the input, whose channels come first, as those do
        # behind a reshape.
        "input": (
            lambda: nn.Sequential(
                Conv(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
                Residual(8, 12, 2), Head(12),
            ),
            (3, 10, 10),
        ),
        "gray input": (
            lambda: nn.Sequential(
                Conv(1, 8, 3, padding=1), nn.ReLU(), Conv(8, 9, 3, stride=2), nn.ReLU(), Head(9)
            ),
            (1, 11, 11),
        ),
        "groups": (
            lambda: nn.Sequential(
                *stem(6), Conv(6, 8, 3, padding=1), nn.GroupNorm(2, 8), nn.ReLU(),
                Conv(8, 9, 3, stride=2), nn.GroupNorm(3, 9), nn.ReLU(), Head(9),
            ),
            (3, 11, 11),
        ),
        "deep": (
            lambda: nn.Sequential(
                *stem(8), Residual(8, 8, 1), Residual(8, 12, 2), Residual(12, 12, 1),
                Residual(12, 16, 2), Head(16),
            ),
            (3, 16, 16),
        ),
    }  # fmt: skip


# Settings that a program is told when it runs: below, above and around the
# cost aimed at, under both policies, and gates that are forced.
RUNS = {
    "dfq below": {"policy": "dfq", "target_cp": 60.0},
    "dfq above": {"policy": "dfq", "target_cp": 0.2},
    "dfq around, under": {"policy": "dfq", "target_cp": 30.0, "relax": 29.0},
    "dfq around, over": {"policy": "dfq", "target_cp": 0.5, "relax": 60.0},
    "fractrain below": {"policy": "fractrain", "target_cp": 60.0},
    "fractrain above": {"policy": "fractrain", "target_cp": 0.2},
    "fractrain within": {"policy": "fractrain", "target_cp": 0.2, "range": 60.0},
    "forced": {"policy": "dfq", "target_cp": 0.2, "force": 0},
    "forced to run": {"policy": "dfq", "target_cp": 0.2, "force": 1},
}

PUBLISHED = Settings()
MOBILE = Settings(features=(64, 32), hidden=32)


def cases():
    """(network, what is compiled in, names of runs)."""
    all_runs, two = list(RUNS), ["dfq above", "fractrain below"]
    wide = {"forward": (3, 4, 6, 8), "backward": (6, 8, 12, 16), "weight": 6}
    image = {**wide, "features": (40,), "hidden": 20}
    yield "residual", PUBLISHED, all_runs
    yield "mixed", MOBILE, all_runs
    yield "residual", replace(PUBLISHED, granularity="layer"), two
    yield "mixed", replace(MOBILE, granularity="layer"), two
    yield "residual", replace(PUBLISHED, error_weights="tensor"), ["dfq above", "forced"]
    yield "mixed", replace(MOBILE, error_weights="tensor", **wide), two
    yield "residual", replace(PUBLISHED, **image), two
    yield "residual", replace(PUBLISHED, forward=(2, 8), backward=(4, 8), weight=8), two
    yield "residual", replace(PUBLISHED, forward=(6, 10), backward=(8, 14), weight=10), two
    yield "residual", replace(PUBLISHED, forward=(5,), backward=(7,), weight=3), two
    yield "residual", replace(PUBLISHED, cap=0.1), ["dfq above", "dfq around, under"]
    yield "mixed", replace(MOBILE, cap=1.4), ["dfq above", "dfq below"]
    for name in ("plain", "grouped", "branches", "perceptron"):
        yield name, PUBLISHED, two
    for name in ("input", "gray input"):
        yield name, replace(PUBLISHED, keep_float=("last",)), two
    yield "input", replace(PUBLISHED, keep_float=("last",), granularity="layer"), two
    yield "groups", PUBLISHED, two
    yield "deep", PUBLISHED, two
    skips = {"forward": (0, 3, 4, 6), "backward": (0, 6, 8, 12)}
    yield "skips", replace(PUBLISHED, **skips), all_runs
    yield "skips twice", replace(PUBLISHED, **skips), all_runs
    yield "skips products", replace(PUBLISHED, **skips), ["dfq above", "forced", "forced to run"]
    last = {"forward": (5, 2, 0), "backward": (8, 4, 0), "weight": 8}
    yield "skips", replace(PUBLISHED, **last, error_weights="tensor"), two
    yield "inverted", MOBILE, two
    yield "inverted", replace(MOBILE, granularity="layer", **wide), two
    yield "branches", replace(PUBLISHED, granularity="layer"), two
    yield "branches", replace(PUBLISHED, granularity="layer", error_weights="tensor"), two


def label(case):
    """The name of a case: its network and what differs from the defaults."""
    name, settings, _ = case
    words = [name, "/".join(",".join(map(str, w)) for w in (settings.forward, settings.backward))]
    words.append(f"w{settings.weight}")
    words += [w for w in (settings.granularity, settings.error_weights) if w in ("layer", "tensor")]
    if settings.cap:
        words.append(f"cap {settings.cap}")
    return " ".join(words)


def flags(settings, compiled):
    """The --set flags of the keys that are compiled in, or of the others."""
    fixed = {
        "gate.forward": list(settings.forward), "gate.backward": list(settings.backward),
        "gate.features": list(settings.features), "gate.hidden": settings.hidden,
        "gate.granularity": settings.granularity, "gate.cap": settings.cap,
        "error_weights": settings.error_weights, "rounding_backward": "nearest",
        "keep_float": list(settings.keep_float),
    }  # fmt: skip
    told = {
        "policy": settings.policy, "weight": settings.weight,
        "gate.target_cp": settings.target_cp, "gate.beta": settings.beta,
        "gate.relax": settings.relax, "gate.range": settings.range,
        "gate.force": settings.force, "gate.learning": "exact",
    }  # fmt: skip
    values = {**fixed, **told} if compiled else told
    return [f"--set=precision.{key}={value}" for key, value in values.items()]


class Simulation:
    """A network with gates, and a batch for it."""

    def __init__(self, name, make, shape, settings):
        self.make = lambda: reference.seeded(name, make)
        self.seed = 0
        self.settings = settings
        self.x = reference.random_x(name, shape, BATCH)
        # Samples of different strength, so that gates see a difference.
        strength = numpy.linspace(0.3, 2, BATCH, dtype=numpy.float32)
        self.x *= strength.reshape([-1] + [1] * len(shape))
        self.y = (numpy.arange(BATCH) % 5).astype(numpy.int64)

    def pass_(self, x, noise=None):
        """(gates, loss, {name: gradient}) of one pass at `x`."""
        module = self.make().train()
        gates = attach(module, self.settings, self.seed)
        gates.noise = noise
        cross_entropy = F.cross_entropy(module(torch.from_numpy(x)), torch.from_numpy(self.y))
        term, gates.cp = gates.penalty(cross_entropy)
        loss = cross_entropy + term
        loss.backward()
        leaves = {**dict(module.named_parameters()), **gates.parameters}
        gradients = {
            key: (torch.zeros_like(leaf) if leaf.grad is None else leaf.grad).numpy()
            for key, leaf in leaves.items()
        }
        return gates, loss.item(), gradients

    def seek_variety(self):
        """Looks for gates whose samples choose different candidates; a gate
        whose samples all agree would test little."""
        if len(self.settings.forward) == 1:
            return
        for self.seed in range(200):
            gates, _, _ = self.pass_(self.x)
            counts = [(gate.choice.detach().sum(0) > 0.5).sum() for gate in gates.order]
            if min(counts) > 1:
                return
        check(False, "no weights of gates were found whose choices vary")


def run_case(suite, case, options, root):
    """One network and list of candidates."""
    name, settings, runs = case
    with suite.case(label(case)) as info:
        folder = root / re.sub("[^a-z0-9.-]+", "-", label(case))
        folder.mkdir(parents=True)
        model = folder / "model.onnx"
        simulation = Simulation(name, *networks()[name], settings)
        with reference.LOCK:
            reference.export(simulation.make(), simulation.x, model)
            simulation.seek_variety()
        program = harness.compile_model(
            options.fracc, model, folder / "program", f"--batch={BATCH}", *flags(settings, True)
        )
        batch, gate_weights = folder / "batch.npz", folder / "gates.npz"
        numpy.savez(batch, x=simulation.x, y=simulation.y)
        worst, shaken = 0.0, 0
        for run in runs:
            simulation.settings = replace(settings, beta=0.02, **RUNS[run])
            with reference.LOCK:
                gates, _, _ = simulation.pass_(simulation.x)
                numpy.savez(
                    gate_weights, **{k: v.detach().numpy() for k, v in gates.parameters.items()}
                )
            ours = gradients_of(
                program, batch, folder, "gradients", f"--init={gate_weights}",
                *flags(simulation.settings, False),
            )  # fmt: skip
            with reference.LOCK:
                noise = torch.Generator()
                try:
                    error, is_plain = compare(
                        simulation.x, lambda x: simulation.pass_(x)[1:], ours,
                        lambda x: simulation.pass_(x, noise)[1:],
                    )  # fmt: skip
                except harness.Failure as failure:
                    raise harness.Failure(f"{run}: {failure}") from None
            worst, shaken = max(worst, error), shaken + (not is_plain)
        info["note"] = f"{len(runs)} runs, {shaken} with ties, worst {worst:.1e}"
        if not options.keep:
            program.unlink()


def main():
    parser = harness.arguments(__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="cases at a time")
    options = parser.parse_args()
    torch.set_num_threads(1)
    suite = harness.Suite("oracle.gated")
    with harness.workspace(options.keep) as root, ThreadPoolExecutor(options.jobs) as pool:
        outcomes = [
            pool.submit(run_case, suite, case, options, root)
            for case in cases()
            if re.search(options.only, label(case))
        ]
        for outcome in outcomes:
            outcome.result()
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
