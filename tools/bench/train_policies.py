#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains an example network on Fashion-MNIST at several precision policies and
prints the table of docs/benchmarks.md.

    train_policies.py --network=resnet8 --epochs=15 --seeds=3
    train_policies.py --network=resnet20 --epochs=10 --seeds=1 --policies=static,pfq
    train_policies.py --network=resnet8 --table

A policy is a recipe examples/recipes/fashion-POLICY.toml; the interval at which
its indicator looks at the loss, of 15 epochs, is scaled to --epochs. Each run leaves its
report in --out and a row in --results; one that has a row is not repeated, so
that an interrupted series goes on where it was, on another machine too. A run
that was cut off goes on from its checkpoint in --out. --table only prints what
there is.
"""

import argparse
import csv
import json
import math
import os
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = "idx:/usr/share/datasets/fashion-mnist"
RECIPE_EPOCHS = 15

COLUMNS = [
    "network", "epochs", "policy", "seed", "threads", "test_accuracy", "best_test_accuracy",
    "bitmacs", "macs", "stages", "accelerator_energy_j", "accelerator_seconds", "step_ms",
    "wall_seconds",
]  # fmt: skip


def call(*command):
    """Runs a command; ends the script if it fails."""
    environment = dict(os.environ, OMP_WAIT_POLICY="passive")
    status = subprocess.run([str(part) for part in command], env=environment).returncode
    if status != 0:
        sys.exit(f"error: {command[0]} ended with status {status}")


def recipe_of(policy):
    """The recipe of a policy."""
    return ROOT / "examples/recipes" / f"fashion-{policy}.toml"


def scaled_interval(options, policy):
    """The option that scales a recipe's interval to the number of epochs."""
    precision = tomllib.loads(recipe_of(policy).read_text()).get("precision", {})
    if "interval" not in precision or options.epochs == RECIPE_EPOCHS:
        return []
    interval = max(1, round(precision["interval"] * options.epochs / RECIPE_EPOCHS))
    return [f"--set=precision.interval={interval}"]


def compile_policies(options):
    """An executable for every policy."""
    models = options.out / "models"
    model = models / f"{options.network}-1ch.onnx"
    if not model.exists():
        call(
            ROOT / "examples/models/make_models.py", f"--out={models}", "--in-channels=1",
            options.network,
        )  # fmt: skip
    programs = {}
    for policy in options.policies:
        programs[policy] = options.out / f"{options.network}-{policy}"
        call(
            options.fracc, "compile", model, "-o", programs[policy],
            f"--recipe={recipe_of(policy)}",
        )  # fmt: skip
    return programs


def read_results(options):
    """The rows of the series: (policy, seed) to columns."""
    if not options.results.exists():
        return {}
    with options.results.open(newline="") as file:
        return {
            (row["policy"], int(row["seed"])): row
            for row in csv.DictReader(file)
            if row["network"] == options.network and int(row["epochs"]) == options.epochs
        }


def rounded(number):
    """The text of a number of the report that may be unknown, as the
    accelerator's are for programs in float."""
    return "" if number is None else f"{number:.1f}"


def write_result(options, policy, seed, report):
    """Appends the row of a run."""
    epochs = report["epochs"]
    row = {
        "network": options.network,
        "epochs": options.epochs,
        "policy": policy,
        "seed": seed,
        "threads": report["threads"],
        "test_accuracy": f"{epochs[-1]['test_accuracy']:.4f}",
        "best_test_accuracy": f"{report['best_test_accuracy']:.4f}",
        "bitmacs": f"{report['totals']['bitmacs']:.4e}",
        "macs": f"{sum(sum(epoch['macs'].values()) for epoch in epochs):.4e}",
        "stages": max(epoch["stage"] for epoch in epochs) + 1,
        "accelerator_energy_j": rounded(report["totals"]["energy_j"]),
        "accelerator_seconds": rounded(report["totals"]["accelerator_seconds"]),
        "step_ms": f"{statistics.mean(epoch['step_ms_median'] for epoch in epochs):.0f}",
        "wall_seconds": f"{sum(epoch['seconds'] for epoch in epochs):.0f}",
    }
    is_new = not options.results.exists()
    options.results.parent.mkdir(parents=True, exist_ok=True)
    with options.results.open("a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerow(row)


def is_done(report):
    """Whether a report is there, of a run that came to its end."""
    return report.exists() and json.loads(report.read_text())["status"] == "done"


def train(options):
    """Every run that has no row yet, all policies of a seed first."""
    wanted = [(seed, policy) for seed in range(options.seeds) for policy in options.policies]
    programs = compile_policies(options)
    for seed, policy in wanted:
        if (policy, seed) in read_results(options):
            continue
        run = options.out / f"{options.network}-{policy}-seed{seed}"
        report = run.with_suffix(".json")
        if is_done(report):
            write_result(options, policy, seed, json.loads(report.read_text()))
            continue
        print(f"{options.network}, {policy}, seed {seed}", flush=True)
        call(
            programs[policy], "train", f"--data={DATA}", "--normalize=dataset",
            f"--epochs={options.epochs}", f"--seed={seed}", f"--threads={options.threads}",
            f"--report={report}", f"--checkpoint={run}.ckpt", "--resume",
            *scaled_interval(options, policy),
        )  # fmt: skip
        write_result(options, policy, seed, json.loads(report.read_text()))


def print_table(options):
    """Means over the seeds that were run."""
    print(
        "| policy | seeds | test accuracy | bit-MACs | against float | stages | accelerator "
        "| ms a step, threads |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    results = read_results(options)
    for policy in options.policies:
        rows = [row for (name, seed), row in results.items()
                if name == policy and seed < options.seeds]  # fmt: skip
        if not rows:
            continue

        def mean(column):
            return statistics.mean(float(row[column] or "nan") for row in rows)

        accuracies = [100 * float(row["test_accuracy"]) for row in rows]
        spread = f" ({min(accuracies):.2f} to {max(accuracies):.2f})" if len(rows) > 1 else ""
        accelerator = "-"
        if not math.isnan(mean("accelerator_energy_j")):
            accelerator = f"{mean('accelerator_energy_j'):.0f} J, "
            accelerator += f"{mean('accelerator_seconds'):.0f} s"
        threads = " and ".join(sorted({row["threads"] for row in rows}))
        print(
            f"| {policy} | {len(rows)} | {statistics.mean(accuracies):.2f} %{spread} "
            f"| {mean('bitmacs'):.3e} | {100 * mean('bitmacs') / mean('macs'):.1f} % "
            f"| {max(int(row['stages']) for row in rows)} "
            f"| {accelerator} "
            f"| {mean('step_ms'):.0f}, {threads} |"
        )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fracc", type=Path, default=ROOT / "build/bin/fracc")
    parser.add_argument("--network", default="resnet8")
    parser.add_argument("--policies", default="float,static,pfq,cpt")
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--seeds", type=int, default=3, help="0 to this, less 1")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ROOT / "build/policies")
    parser.add_argument(
        "--results", type=Path, default=ROOT / "docs/benchmarks/policies.csv", metavar="FILE.csv"
    )
    parser.add_argument("--table", action="store_true", help="print the table and stop")
    options = parser.parse_args()
    options.policies = options.policies.split(",")
    options.out.mkdir(parents=True, exist_ok=True)
    if not options.table:
        train(options)
    print_table(options)


if __name__ == "__main__":
    main()
