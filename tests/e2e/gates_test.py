#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs of training with gates that must end in the same bits.

    gates_test.py --fracc=build/bin/fracc [--only=REGEX]

Runs that are stopped in the middle of a stage and resumed, and runs with
another number of threads: weights, weights of gates (by the gradients at the
end), and what the report says of stages, choices and cost. And runs in which
blocks are skipped.
"""

import collections
import json
import re
import sys

import numpy
import onnx
import training
from harness import check
from train_test import Bench
from training import harness

case = harness.Cases()

# Losses that are close enough at once, so that stages end within the run.
STAGES = [
    "precision.interval=4", "precision.pfq.window=2", "precision.pfq.warmup=2",
    "precision.pfq.epsilon=10", "precision.pfq.alpha=1", "precision.gate.target_cp=1.5",
    "precision.gate.target_cp_step=0.75",
]  # fmt: skip
STEPS = 30


def settings(policy, *more):
    """The --set flags of a policy."""
    keys = [f"precision.policy={policy}", "precision.gate.beta=0.05", *more]
    return [f"--set={key}" for key in keys]


def run(bench, program, name, iterations, *flags, threads=2):
    """Trains from or to a checkpoint; (weights, gradients, report)."""
    checkpoint, export = bench.folder / f"{name}.ckpt", bench.folder / f"{name}.onnx"
    report, gradients = bench.folder / f"{name}.json", bench.folder / f"{name}.npz"
    harness.run(
        [program, "train", f"--data={bench.data}", f"--iterations={iterations}", "--seed=5",
         f"--export={export}", f"--checkpoint={checkpoint}", f"--report={report}",
         f"--threads={threads}", *flags], env=training.PATIENT,
    )  # fmt: skip
    harness.run(
        [program, "grad", f"--data={bench.data}", f"--checkpoint={checkpoint}",
         f"--out={gradients}", "--threads=1"], env=training.PATIENT,
    )  # fmt: skip
    with numpy.load(gradients) as arrays:
        arrays = {key: arrays[key] for key in arrays.files}
    check(any(key.startswith("gate/") for key in arrays), "no gradient of a gate")
    return training.weights(export), arrays, training.report(report)


KEYS = ("stage", "target_cp", "cp", "blocks", "train_loss", "test_loss", "bitmacs", "precision",
        "observed_losses")  # fmt: skip


def compare(first, second, keys=KEYS):
    """Fails unless two runs are the same bits."""
    for a, b, what in zip(first, second, ("weights", "gradients")):
        different = training.same_bits(a, b)
        check(different is None, f"{what}: {different} differs")
    for a, b in zip(first[2]["epochs"], second[2]["epochs"]):
        for key in keys:
            check(a[key] == b[key], f"epoch {a['epoch']}: {key} is {a[key]} and {b[key]}")
    check(len(first[2]["epochs"]) == len(second[2]["epochs"]), "numbers of epochs differ")


def choices_vary(report):
    """Fails where no gate has chosen two candidates."""
    blocks = [block["choices"] for epoch in report["epochs"] for block in epoch["blocks"].values()]
    check(any(max(choices) < 1 for choices in blocks), "no gate has chosen two candidates")


def resumes(bench, model, policy, stop, *more):
    """A run that ends early and its continuation."""
    program = bench.program(model, 32, *settings(policy, *more))
    whole = run(bench, program, f"{program.name}-whole-{stop}", STEPS)
    name = f"{program.name}-parts-{stop}"
    _, _, early = run(bench, program, name, stop)
    parts = run(bench, program, name, STEPS, "--resume")
    compare(whole, parts)
    choices_vary(whole[2])
    return early["epochs"][-1]["stage"], whole[2]["epochs"][-1]["stage"]


@case
def dfq_resumes(bench):
    resumes(bench, "resnet8", "dfq", 13)


@case
def fractrain_resumes_within_a_stage(bench):
    # Stages end every 8 steps: step 13 is in the second.
    early, late = resumes(bench, "resnet8", "fractrain", 13, *STAGES)
    check(early == 1, f"the run was stopped in stage {early}")
    check(late > early, f"the run ends in stage {late}")


@case
def fractrain_resumes_with_depthwise(bench):
    early, late = resumes(bench, "mobilenet-small", "fractrain", 13, *STAGES)
    check(0 < early < late, f"stages {early} and {late}")


@case
def exact_learning_resumes(bench):
    resumes(bench, "resnet8", "dfq", 7, "precision.gate.learning=exact")


def threads(bench, model, policy, *more):
    """A run with one thread and one with two."""
    program = bench.program(model, 32, *settings(policy, *more))
    one, two = (
        run(bench, program, f"{program.name}-threads-{count}", STEPS, threads=count)
        for count in (1, 2)
    )
    choices_vary(one[2])
    compare(one, two)


@case
def dfq_with_one_thread_or_two(bench):
    threads(bench, "resnet8", "dfq")


@case
def fractrain_with_one_thread_or_two(bench):
    threads(bench, "resnet8", "fractrain", *STAGES)


@case
def fractrain_with_depthwise_and_one_thread_or_two(bench):
    threads(bench, "mobilenet-small", "fractrain", *STAGES)


SKIPS = ["precision.gate.forward=[0,3,4,6]", "precision.gate.backward=[0,6,8,12]"]


def inspected(bench, model):
    """The blocks of a model."""
    out = bench.folder / f"{model}-blocks.json"
    harness.run([bench.fracc, "inspect", harness.MODELS / f"{model}.onnx", f"--json={out}"])
    return json.loads(out.read_text())["blocks"]


def percent(blocks, choices):
    """The cost of the choices of SKIPS with weights of 4 bits."""
    widths = [(0, 0), (3, 6), (4, 8), (6, 12)]
    costs = numpy.array([4 * b + 4 * g + b * g for b, g in widths]) / 1024
    macs = {block["name"]: block["macs"] for block in blocks}
    cost = sum(macs[name] * (costs @ row["choices"]) for name, row in choices.items())
    return 100 * cost / (3 * sum(macs.values()))


def kernels(report):
    """{(product, shape without widths): calls}."""
    calls = collections.Counter()
    for kernel in report["kernels"]:
        shape = re.sub(", (up to )?[0-9]+x[0-9]+ bits$", "", kernel["shape"])
        calls[kernel["product"], shape] += kernel["calls"]
    return calls


@case
def forced_to_skip(bench):
    program = bench.program("resnet8", 32, *settings("dfq", *SKIPS))
    blocks = inspected(bench, "resnet8")
    (block,) = [block for block in blocks if block["can_skip"]]
    name, nodes = block["name"], block["contractions"]
    runs, steps = {}, 2 * STEPS
    for force in (0, 1):
        flags = ("--profile", f"--set=precision.gate.force={force}", "--lr=0.05")
        runs[force] = run(bench, program, f"forced-{force}", steps, *flags)
    weights, _, report = runs[0]
    # No kernel of the block runs; those that do run as often as ever.
    ran, never = kernels(runs[1][2]), kernels(report)
    gone = {key: calls for key, calls in ran.items() if never[key] != calls}
    check(all(key not in never for key in gone), f"{gone} are not gone, but {never}")
    check(
        {product for product, _ in gone} == {"qconv_forward", "qconv_input_grad", "qconv_weight_grad"},
        f"what is gone is {gone}",
    )
    check(len({shape for _, shape in gone}) == 1, f"kernels of other blocks are gone: {gone}")
    for product in {product for product, _ in gone}:
        fewer = runs[1][2]["kernel_work"][product]["calls"] - report["kernel_work"][product]["calls"]
        check(fewer >= len(nodes) * steps, f"{fewer} fewer calls of {product}")
    # The network trains on without it.
    epochs = report["epochs"]
    check(epochs[-1]["train_loss"] < 0.9 * epochs[0]["train_loss"], "the loss does not fall")
    for epoch in epochs:
        for other, entry in epoch["blocks"].items():
            first = entry["choices"][0]
            check(first == (1 if other == name else 0), f"{other} chooses {entry['choices']}")
        expected = percent(blocks, epoch["blocks"])
        check(abs(epoch["cp"]["total"] - expected) < 1e-9 * expected, f"cp is not {expected}")
    for symbol, entry in epochs[-1]["precision"].items():
        role = symbol.rsplit(".", 1)[1]
        if any(symbol.startswith(node + ".") for node in nodes) and role != "weight":
            check(entry["histogram"] == {"0": 1}, f"{symbol} has {entry}")
    # The block stays as it was, running statistics and all.
    model = onnx.load(harness.MODELS / "resnet8.onnx").graph
    before = training.weights(harness.MODELS / "resnet8.onnx")
    found = bench.folder / "skipped.npz"
    harness.run(
        [program, "grad", f"--data={bench.data}", f"--out={found}", "--threads=1",
         "--set=precision.gate.force=0"], env=training.PATIENT,
    )  # fmt: skip
    with numpy.load(found) as arrays:
        gradients = {key: arrays[key] for key in arrays.files}
    inside = block_tensors(model, nodes)
    check(len(inside) == 10, f"the block has {inside}")
    for tensor in sorted(inside):
        check(weights[tensor].tobytes() == before[tensor].tobytes(), f"{tensor} has changed")
        if tensor in gradients:
            check(not gradients[tensor].any(), f"{tensor} has a gradient")
    check(all(numpy.isfinite(value).all() for value in gradients.values()), "gradients are not finite")


def block_tensors(graph, nodes):
    """The initializers of these convolutions and the normalizations behind."""
    names = {item.name for item in graph.initializer}
    found, outputs = set(), set()
    for node in graph.node:
        if node.name in nodes or (node.op_type == "BatchNormalization" and node.input[0] in outputs):
            found |= names & set(node.input)
            outputs |= set(node.output) if node.name in nodes else set()
    return found


@case
def forced_skip_resumes(bench):
    # In the middle of an epoch.
    program = bench.program("resnet8", 32, *settings("dfq", *SKIPS))
    force = ("--set=precision.gate.force=0",)
    whole = run(bench, program, "skip-whole", STEPS, *force)
    run(bench, program, "skip-parts", 13, *force)
    compare(whole, run(bench, program, "skip-parts", STEPS, "--resume", *force), (*KEYS, "macs"))


@case
def skips_resume(bench):
    resumes(bench, "resnet8", "dfq", 13, *SKIPS)


@case
def skips_with_one_thread_or_two(bench):
    threads(bench, "resnet8", "fractrain", *STAGES, *SKIPS)


@case
def skipping_needs_a_block(bench):
    for model, more, said in (
        ("lenet", [], "there is no block that a sample can skip"),
        ("resnet8", ["precision.gate.granularity=layer"], "there is no block that a sample can skip"),
        ("resnet8", ["precision.gate.backward=[6,6,8,12]"], "of 0 bits forward and 6 backward"),
    ):
        process = harness.run(
            [bench.fracc, "compile", harness.MODELS / f"{model}.onnx", "-o", bench.folder / "none",
             *settings("dfq", *SKIPS, *more)], status=1,
        )  # fmt: skip
        check(said in process.stderr, process.stderr)


@case
def evaluation_is_that_of_training(bench):
    program = bench.program("resnet8", 32, *settings("dfq"))
    _, _, report = run(bench, program, "evaluated", STEPS)
    written = bench.folder / "evaluated-later.json"
    harness.run(
        [program, "eval", f"--data={bench.data}", f"--checkpoint={bench.folder / 'evaluated.ckpt'}",
         f"--report={written}", "--threads=2"], env=training.PATIENT,
    )  # fmt: skip
    later, last = training.report(written), report["epochs"][-1]
    for key in ("test_loss", "test_accuracy"):
        check(later[key] == last[key], f"{key} is {later[key]}, in training {last[key]}")


@case
def info_tells_the_candidates(bench):
    text = harness.run([bench.program("resnet8", 32, *settings("dfq")), "info"]).stdout
    check("policy dfq, candidates (forward/backward) 3/6, 4/6, 4/8, 6/8, 6/12, target cp 3, weight 4"
          in text, text[:2000])  # fmt: skip


@case
def what_gates_rule_out_is_refused(bench):
    program = bench.program("resnet8", 32, *settings("dfq"))
    for flags, said in (
        (["--range-test"], "--range-test: error: gates choose the widths"),
        ([f"--export-quantized={bench.folder / 'q.onnx'}"], "--export-quantized: error: gates"),
    ):
        process = harness.run([program, "train", f"--data={bench.data}", *flags], status=2)
        check(said in process.stderr, process.stderr)
    check(not (bench.folder / "q.onnx").exists(), "a model was written")


if __name__ == "__main__":
    sys.exit(case.main("e2e.gates", __doc__, Bench))
