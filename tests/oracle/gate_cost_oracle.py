#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks what gates cost, and what they learn from a part of the samples.

    gate_cost_oracle.py --fracc=build/bin/fracc [--only=REGEX]

The gradient of the cost term is differenced on gates of its own in NumPy; its
sign is looked for at the very edges of the rule; what a report says of cost and
work follows from the choices that it lists, and from what the kernels counted,
exactly. Sparse learning has the mean of exact learning.
"""

import json
import re
import sys
from dataclasses import replace

from gated_oracle import (
    BATCH, MOBILE, PUBLISHED, Branches, Head, Identity, Residual, Simulation, flags, gradients_of, harness,
    networks, numpy, reference, stem, torch,
)  # fmt: skip
from gated_simulation import DEPTHWISE
from harness import check
from torch import nn

# Two gates that look at the input itself, if the first contraction has one.
INPUT = {"keep_float": ("last",)}
SIDE_BY_SIDE = (lambda: nn.Sequential(Branches(3, 7), Head(14)), (3, 8, 8))
# Products of so many channels that none is done again.
WIDE = (
    lambda: nn.Sequential(*stem(24), Residual(24, 24, 1), Residual(24, 24, 1), Head(24)),
    (3, 7, 7),
)  # fmt: skip

# A block that samples may skip; two of so many channels.
SKIPS_ONCE = (lambda: nn.Sequential(*stem(6), Identity(6), Head(6)), (3, 7, 7))
WIDE_SKIPS = (
    lambda: nn.Sequential(*stem(24), Identity(24), Identity(24), Head(24)),
    (3, 7, 7),
)  # fmt: skip
SKIPS = replace(PUBLISHED, forward=(0, 3, 4, 6), backward=(0, 6, 8, 12))

CASES = []
PRODUCTS = ("qconv_forward", "qconv_input_grad", "qconv_weight_grad")
PATIENT = {"OMP_WAIT_POLICY": "passive"}


def case(function):
    """Registers a case; its name is the function's."""
    CASES.append(function)
    return function


class Program:
    """A compiled network with gates, a batch, and weights of its gates."""

    def __init__(self, options, root, name, settings, *more):
        networks_here = {
            **networks(), "side by side": SIDE_BY_SIDE, "wide": WIDE, "skips once": SKIPS_ONCE,
            "wide skips": WIDE_SKIPS,
        }  # fmt: skip
        self.simulation = Simulation(name, *networks_here[name], settings)
        self.settings = settings
        self.folder = root
        model = root / "model.onnx"
        reference.export(self.simulation.make(), self.simulation.x, model)
        self.executable = harness.compile_model(
            options.fracc, model, root / "program", f"--batch={BATCH}", *flags(settings, True), *more
        )
        self.batch, self.gates = root / "batch.npz", root / "gates.npz"
        numpy.savez(self.batch, x=self.simulation.x, y=self.simulation.y)

    def save_gates(self, parameters):
        """Writes what `--init` starts the gates from."""
        numpy.savez(self.gates, **parameters)

    def gradients(self, settings, *more):
        """`OUT grad` under these settings."""
        return gradients_of(
            self.executable, self.batch, self.folder, "out", f"--init={self.gates}",
            *flags(settings, False), *more,
        )  # fmt: skip

    def train(self, iterations, samples, *more):
        """The report of a short profiled run without a test split."""
        generator = numpy.random.default_rng(3)
        picks = generator.integers(0, BATCH, samples)
        data, report = self.folder / "train.npz", self.folder / "report.json"
        numpy.savez(data, x=self.simulation.x[picks], y=self.simulation.y[picks])
        harness.run(
            [self.executable, "train", f"--data=npz:{data}", "--normalize=none", "--lr=0.01",
             f"--iterations={iterations}", f"--report={report}", "--profile", "--threads=2",
             f"--init={self.gates}", *flags(self.settings, False), *more], env=PATIENT,
        )  # fmt: skip
        return json.loads(report.read_text())


# ---- Gates in NumPy ----------------------------------------------------------


def sigmoid(x):
    """The logistic function."""
    return 1 / (1 + numpy.exp(-x))


def scores(parameters, names, entries, settings):
    """The softmax of each gate, written out: {name: (samples, candidates)}."""
    size, hidden, memory, out = settings.hidden, 0.0, 0.0, {}
    for name, x in zip(names, entries):
        for layer in range(1, len(settings.features) + 1):
            x = numpy.maximum(x, 0) if layer > 1 else x
            prefix = f"gate/{name}/layer{layer}"
            x = x @ parameters[f"{prefix}/weight"].T + parameters[f"{prefix}/bias"]
        z = x @ parameters["gate/cell/weight_input"].T + parameters["gate/cell/bias"]
        if not numpy.isscalar(hidden):
            z = z + hidden @ parameters["gate/cell/weight_hidden"].T
        i, f, g, o = (z[:, k * size : (k + 1) * size] for k in range(4))
        memory = sigmoid(f) * memory + sigmoid(i) * numpy.tanh(g)
        hidden = sigmoid(o) * numpy.tanh(memory)
        z = hidden @ parameters["gate/head/weight"].T + parameters["gate/head/bias"]
        z = numpy.exp(z - z.max(1, keepdims=True))
        out[name] = z / z.sum(1, keepdims=True)
    return out


def cost_term(choices, macs, settings, sign):
    """sign beta sum_l F_l sum_nk choice_lnk c_k / mean(F)."""
    costs = settings.candidate_costs()
    cost = sum(macs[name] * (choice @ costs).sum() for name, choice in choices.items())
    return sign * settings.beta * cost / numpy.mean(list(macs.values()))


def compare_with_differences(program, settings, gates, entry):
    """The gradient of the cost term by the parameters of gates that all see
    `entry`, and its differences. The gradient through a choice is that of the
    scores, so the term is differenced with the scores in place of choices."""
    parameters = {key: leaf.detach().numpy() for key, leaf in gates.parameters.items()}
    program.save_gates(parameters)
    macs = {gate.name: gate.macs for gate in gates.order}
    wide = {key: value.astype(numpy.float64) for key, value in parameters.items()}

    def term(values):
        found = scores(values, list(macs), [entry] * len(macs), settings)
        return cost_term(found, macs, settings, 1)

    ours = program.gradients(settings)
    without = program.gradients(replace(settings, beta=0.0))
    generator = numpy.random.default_rng(0)
    worst = 0.0
    for key, value in wide.items():
        analytic = (ours[key].astype(numpy.float64) - without[key]).ravel()
        picks = generator.choice(value.size, min(value.size, 12), replace=False)
        slopes = []
        for pick in picks:
            ends = []
            for step in (1e-5, -1e-5):
                moved = value.copy()
                moved.flat[pick] += step
                ends.append(term({**wide, key: moved}))
            slopes.append((ends[0] - ends[1]) / 2e-5)
        error = numpy.linalg.norm(analytic[picks] - slopes)
        size = max(numpy.linalg.norm(slopes), 1e-3 * numpy.linalg.norm(analytic))
        # What is left when two gradients are taken from each other.
        noise = 3e-6 * numpy.linalg.norm(without[key])
        check(error <= 1e-3 * size + noise, f"{key}: {analytic[picks]}, differences {slopes}")
        worst = max(worst, error / max(size, noise))
    return f"{len(wide)} tensors, worst {worst:.1e}"


@case
def cost_gradient_is_its_difference(options, root):
    """Two gates look at the input itself, so that nothing but the term moves
    with their weights."""
    settings = replace(PUBLISHED, granularity="layer", target_cp=0.2, beta=0.05)
    program = Program(
        options, root, "side by side", settings, '--set=precision.keep_float=["last"]'
    )
    simulation = program.simulation
    gates, _, _ = simulation.pass_(simulation.x)
    entry = simulation.x.astype(numpy.float64).mean((2, 3))
    return compare_with_differences(program, settings, gates, entry)


@case
def cost_gradient_is_its_difference_with_skips(options, root):
    """The only gate may skip its block, which costs nothing."""
    settings = replace(SKIPS, target_cp=0.01, beta=0.05)
    program = Program(options, root, "skips once", settings)
    simulation = program.simulation
    gates, _, _ = simulation.pass_(simulation.x)
    stem_output = simulation.make().train()[:3](torch.from_numpy(simulation.x))
    entry = stem_output.detach().numpy().astype(numpy.float64).mean((2, 3))
    return compare_with_differences(program, settings, gates, entry)


@case
def sign_changes_at_the_edges(options, root):
    """A ten-thousandth of the cost beside every edge of both rules."""
    program = Program(options, root, "mixed", MOBILE)
    simulation = program.simulation
    simulation.seek_variety()
    gates, _, _ = simulation.pass_(simulation.x)
    program.save_gates({key: leaf.detach().numpy() for key, leaf in gates.parameters.items()})
    loss = program.gradients(replace(MOBILE, beta=0.0))["loss"]
    cp, near = gates.cp, 1e-4 * gates.cp
    count = 0
    for policy, keys, edge, below, above in [
        ("dfq", {}, cp, -1, 1),
        ("dfq", {"relax": 0.5}, cp, -0.1, 0.1),
        ("dfq", {"relax": 0.5}, cp - 0.5, 0.1, 1),
        ("dfq", {"relax": 0.5}, cp + 0.5, -1, -0.1),
        ("fractrain", {}, cp, -1, 1),
        ("fractrain", {"range": 0.5}, cp, -1, 0),
        ("fractrain", {"range": 0.5}, cp - 0.5, 0, 1),
    ]:
        for target, sign in [(edge + near, below), (edge - near, above)]:
            settings = replace(MOBILE, policy=policy, target_cp=target, beta=0.02, **keys)
            check(settings.sign(cp) == sign, f"the rule gives {settings.sign(cp)} for {sign}")
            fixed = gates.depthwise_macs * 320 / 1024 / numpy.mean([g.macs for g in gates.order])
            choices = {g.name: g.choice.detach().numpy() for g in gates.order}
            macs = {g.name: g.macs for g in gates.order}
            term = cost_term(choices, macs, settings, sign) + sign * 0.02 * BATCH * fixed
            got = program.gradients(settings)["loss"] - loss
            check(
                abs(got - term) <= 1e-5 * abs(term) + 1e-6,
                f"{policy} {keys} target {target:.5f} at {cp:.5f}: the term is {got}, not {term}",
            )
            count += 1
    return f"{count} points around cp {cp:.3f}"


# ---- Reports -----------------------------------------------------------------


def percent(gates, settings, counts):
    """(total, by product) of the cost in percent, from how many samples chose
    each candidate in each block."""
    b, g = numpy.array(settings.forward, float), numpy.array(settings.backward, float)
    w = settings.weight
    activation, error = DEPTHWISE
    d = gates.depthwise_macs
    macs = sum(gate.macs for gate in gates.order)
    sums = []
    for bits, fixed in [(w * b, activation**2), (w * g, activation * error), (b * g, activation * error)]:
        chosen = sum(
            gate.macs * (counts[gate.name] @ bits) / counts[gate.name].sum() for gate in gates.order
        )
        sums.append((chosen / 1024, d * fixed / 1024))
    products = [100 * (a + c) / (macs + c) for a, c in sums]
    fixed = sum(c for _, c in sums)
    return 100 * (sum(a for a, _ in sums) + fixed) / (3 * macs + fixed), products


def bit_macs(gates, settings, counts, samples):
    """Bit-MACs of the three products, in 1024ths: exact whole numbers."""
    activation, error = DEPTHWISE
    d, w = gates.depthwise_macs, settings.weight
    sums = [d * samples * bits for bits in (activation**2, activation * error, activation * error)]
    for gate in gates.order:
        for b, g, count in zip(settings.forward, settings.backward, counts[gate.name]):
            for index, bits in enumerate((w * b, w * g, b * g)):
                sums[index] += gate.macs * int(count) * bits
    return sums


def check_macs(gates, settings, histograms, counted):
    """Multiply-accumulates of the gated products, where none is done again."""
    runs = numpy.array(settings.forward) > 0
    all_macs = sum(gate.macs * h[gate.name].sum() for h in histograms for gate in gates.order)
    run_macs = sum(gate.macs * h[gate.name][runs].sum() for h in histograms for gate in gates.order)
    check(run_macs < all_macs, "no sample has skipped a block")
    for kernel, macs in zip(PRODUCTS, (all_macs, run_macs, run_macs)):
        got = counted[kernel]["macs"]
        check(got == macs, f"the kernels of {kernel} counted {got} MACs, not {macs}")


def check_report(options, root, name, settings, kernels=PRODUCTS, more=None):
    """Trains briefly; cost and work must follow from the histogram. Of
    `kernels` nothing is done again, so that the kernels' own counts are known;
    all in all the report counts what the kernels do. `more` checks the kernels'
    counts against the histograms."""
    program = Program(options, root, name, settings)
    simulation = program.simulation
    simulation.seek_variety()
    gates, _, _ = simulation.pass_(simulation.x)
    program.save_gates({key: leaf.detach().numpy() for key, leaf in gates.parameters.items()})
    samples, epochs = 5 * BATCH + 7, 2
    report = program.train(6 * epochs, samples)
    check(len(report["epochs"]) == epochs, f"{len(report['epochs'])} epochs")
    work = dict.fromkeys(PRODUCTS, 0)
    several, histograms = 0, []
    for epoch in report["epochs"]:
        counts = {}
        for block, row in epoch["blocks"].items():
            exact = numpy.array(row["choices"]) * samples
            counts[block] = numpy.rint(exact)
            check(numpy.abs(exact - counts[block]).max() < 1e-6, f"fractions of {block}")
            check(counts[block].sum() == samples, f"{block} has {counts[block].sum()} samples")
            several += (counts[block] > 0).sum() > 1
        histograms.append(counts)
        total, shares = percent(gates, settings, counts)
        keys = ("total", "forward", "error", "weight_gradient")
        for key, value in zip(keys, (total, *shares)):
            got = epoch["cp"][key]
            check(abs(got - value) <= 1e-9 * value, f"cp {key} is {got}, not {value}")
        for kernel, value in zip(work, bit_macs(gates, settings, counts, samples)):
            work[kernel] += value
    check(several >= len(gates.order), "choices did not vary")
    counted = report["kernel_work"]
    for kernel in kernels:
        got = 1024 * counted[kernel]["bitmacs"]
        check(got == work[kernel], f"the kernels of {kernel} counted {got}, not {work[kernel]}")
    if more:
        more(gates, settings, histograms, counted)
    for key in ("macs", "bitmacs"):
        reported = sum(sum(epoch[key].values()) for epoch in report["epochs"])
        got = sum(item[key] for item in counted.values())
        check(got == reported, f"the kernels counted {got} {key}, the report has {reported}")
    return f"cp {epoch['cp']['total']:.3f}"


@case
def report_follows_from_choices_wide(options, root):
    return check_report(options, root, "wide", PUBLISHED)


@case
def report_follows_from_choices_residual(options, root):
    return check_report(options, root, "residual", PUBLISHED, PRODUCTS[1:])


@case
def report_follows_from_choices_of_the_input(options, root):
    return check_report(options, root, "input", replace(PUBLISHED, **INPUT), PRODUCTS[1:])


@case
def report_follows_from_choices_mobile(options, root):
    return check_report(options, root, "mixed", MOBILE, PRODUCTS[1:])


@case
def report_follows_from_choices_layer(options, root):
    wide = {"forward": (3, 4, 6, 8), "backward": (6, 8, 12, 16), "weight": 6}
    settings = replace(MOBILE, granularity="layer", **wide)
    return check_report(options, root, "inverted", settings, PRODUCTS[1:])


@case
def report_follows_from_choices_skips(options, root):
    """Every sample trains the gates, so that those that skip have a forward pass,
    which no choice tells of, and nothing else."""
    return check_report(options, root, "wide skips", SKIPS, PRODUCTS[1:], check_macs)



# ---- Learning from a part of the samples -------------------------------------


def sparse(period, iteration):
    """Flags of one step of sparse learning."""
    return [
        "--set=precision.gate.learning=sparse", f"--set=precision.gate.period={period}",
        f"--iteration={iteration}",
    ]  # fmt: skip


def compare_phases(program, settings, before=()):
    """The mean gradient of all phases of several periods, and that of exact
    learning, but for what is before the gates: they learn in it, and that is not
    multiplied."""
    simulation = program.simulation
    gates, _, _ = simulation.pass_(simulation.x)
    program.save_gates({key: leaf.detach().numpy() for key, leaf in gates.parameters.items()})
    exact = program.gradients(settings)
    worst = 0.0
    for period in (2, 8, 5, 16, 20):
        draws = [program.gradients(settings, *sparse(period, 3 * period + i)) for i in range(period)]
        for key, value in exact.items():
            if key.startswith(before):
                continue
            mean = numpy.mean([draw[key] for draw in draws], 0)
            size = numpy.linalg.norm(value)
            error = numpy.linalg.norm(mean - value) / size
            check(error <= 1e-4, f"{key} with period {period}: the mean is off by {error:.1e}")
            worst = max(worst, error)
        spread = [numpy.linalg.norm(draw["gate/head/bias"] - exact["gate/head/bias"]) for draw in draws]
        check(min(spread) > 0, f"a phase of period {period} is as exact")
    return f"worst {worst:.1e}"


@case
def phases_have_the_mean_of_exact(options, root):
    """Gates that look at the input: nothing rounds what they learn."""
    settings = replace(PUBLISHED, granularity="layer", **INPUT)
    program = Program(options, root, "side by side", settings)
    return compare_phases(program, settings)


@case
def phases_have_the_mean_of_exact_with_skips(options, root):
    """Samples that skip and train the gate change nothing else."""
    program = Program(options, root, "skips once", SKIPS)
    program.simulation.seek_variety()
    return compare_phases(program, SKIPS, before=("0.", "1."))


@case
def draws_have_the_mean_of_exact(options, root):
    """Gates behind blocks whose errors are rounded at random: means of many
    steps at fixed weights agree within their standard error."""
    settings = replace(PUBLISHED, beta=0.0)
    program = Program(
        options, root, "residual", settings, "--set=precision.rounding_backward=stochastic"
    )
    simulation = program.simulation
    simulation.seek_variety()
    gates, _, _ = simulation.pass_(simulation.x)
    program.save_gates({key: leaf.detach().numpy() for key, leaf in gates.parameters.items()})
    few = [program.gradients(settings, *sparse(8, i)) for i in range(320)]
    full = [program.gradients(settings, f"--iteration={1000 + i}") for i in range(80)]
    ratios = {}
    for key in gates.parameters:
        a = numpy.array([draw[key].ravel() for draw in few], numpy.float64)
        b = numpy.array([draw[key].ravel() for draw in full], numpy.float64)
        # Eight draws in a row are one: they meet each sample once.
        a = a.reshape(-1, 8, a.shape[1]).mean(1)
        variance = a.var(0, ddof=1).sum() / len(a) + b.var(0, ddof=1).sum() / len(b)
        size = numpy.linalg.norm(b.mean(0))
        check(
            variance**0.5 < 0.2 * size,
            f"{key}: a standard error of {variance**0.5:.1e} says little of {size:.1e}",
        )
        ratios[key] = numpy.linalg.norm(a.mean(0) - b.mean(0)) / variance**0.5
    far = {key: ratio for key, ratio in ratios.items() if ratio > 3}
    check(not far, f"means differ by more than three standard errors: {far}")
    return f"at most {max(ratios.values()):.1f} standard errors"


def main():
    parser = harness.arguments(__doc__)
    options = parser.parse_args()
    torch.set_num_threads(1)
    suite = harness.Suite("oracle.gate_cost")
    with harness.workspace(options.keep) as root:
        for function in CASES:
            if re.search(options.only, function.__name__):
                with suite.case(function.__name__) as info:
                    folder = root / function.__name__
                    folder.mkdir()
                    info["note"] = function(options, folder)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
