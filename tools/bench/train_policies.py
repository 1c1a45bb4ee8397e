#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains an example network on Fashion-MNIST at several precision policies and
prints the table of docs/benchmarks.md.

    train_policies.py --network=resnet8 --epochs=15 --seeds=3
    train_policies.py --network=resnet20 --epochs=10 --seeds=1 --policies=static,pfq
    train_policies.py --network=resnet8 --table

A policy is a recipe examples/recipes/fashion-POLICY.toml. Each run leaves its
report in --out; one that is there is not repeated, so that an interrupted
series goes on where it was. --table only prints what there is.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = "idx:/usr/share/datasets/fashion-mnist"


def call(*command):
    """Runs a command; ends the script if it fails."""
    environment = dict(os.environ, OMP_WAIT_POLICY="passive")
    status = subprocess.run([str(part) for part in command], env=environment).returncode
    if status != 0:
        sys.exit(f"error: {command[0]} ended with status {status}")


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
            f"--recipe={ROOT / 'examples/recipes' / f'fashion-{policy}.toml'}",
        )  # fmt: skip
    return programs


def report_path(options, policy, seed):
    return options.out / f"{options.network}-{policy}-seed{seed}.json"


def train(options):
    """Every run that has no report yet, all policies of a seed first."""
    programs = compile_policies(options)
    for seed in range(options.seeds):
        for policy in options.policies:
            report = report_path(options, policy, seed)
            if report.exists():
                continue
            print(f"{options.network}, {policy}, seed {seed}", flush=True)
            call(
                programs[policy], "train", f"--data={DATA}", "--normalize=dataset",
                f"--epochs={options.epochs}", f"--seed={seed}", f"--threads={options.threads}",
                f"--report={report}",
            )  # fmt: skip


def print_table(options):
    """Means over the seeds that were run."""
    print("| policy | seeds | test accuracy | bit-MACs | against float | stages | wall clock |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for policy in options.policies:
        reports = []
        for seed in range(options.seeds):
            path = report_path(options, policy, seed)
            if path.exists():
                reports.append(json.loads(path.read_text()))
        if not reports:
            continue
        accuracies = [100 * report["epochs"][-1]["test_accuracy"] for report in reports]
        bitmacs = statistics.mean(report["totals"]["bitmacs"] for report in reports)
        macs = statistics.mean(
            sum(sum(epoch["macs"].values()) for epoch in report["epochs"]) for report in reports
        )
        spread = f" ({min(accuracies):.2f} to {max(accuracies):.2f})" if len(reports) > 1 else ""
        stages = {epoch["stage"] for report in reports for epoch in report["epochs"]}
        seconds = statistics.mean(report["totals"]["wall_seconds"] for report in reports)
        print(
            f"| {policy} | {len(reports)} | {statistics.mean(accuracies):.2f} %{spread} "
            f"| {bitmacs:.3e} | {100 * bitmacs / macs:.1f} % | {max(stages) + 1} "
            f"| {seconds:.0f} s |"
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
    parser.add_argument("--table", action="store_true", help="print the table and stop")
    options = parser.parse_args()
    options.policies = options.policies.split(",")
    options.out.mkdir(parents=True, exist_ok=True)
    if not options.table:
        train(options)
    print_table(options)


if __name__ == "__main__":
    main()
