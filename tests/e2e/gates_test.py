#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs of training with gates that must end in the same bits.

    gates_test.py --fracc=build/bin/fracc [--only=REGEX]

Runs that are stopped in the middle of a stage and resumed, and runs with
another number of threads: weights, weights of gates (by the gradients at the
end), and what the report says of stages, choices and cost.
"""

import sys

import numpy
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
