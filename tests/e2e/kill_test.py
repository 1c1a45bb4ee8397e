#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kills a training run at random moments and resumes it each time.

    kill_test.py --fracc=build/bin/fracc --kills=30

The run checkpoints every 20 steps. Whatever the moment of the SIGKILL, the
next start must resume, and the final weights must equal those of a run that
nobody disturbed, bit for bit.
"""

import os
import random
import signal
import subprocess
import sys
import time

import training
from harness import MODELS, check
from training import harness


def main():
    parser = harness.arguments(__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--model", default=MODELS / "mobilenet-small.onnx")
    parser.add_argument("--per-kill", type=int, default=60, help="steps of the run for each kill")
    options = parser.parse_args()
    moments = random.Random(options.seed)
    suite = harness.Suite("e2e.kill")
    kills = 0
    with harness.workspace(options.keep) as folder, suite.case(f"{options.kills} kills") as info:
        program = harness.compile_model(
            options.fracc, options.model, folder / "program", "--batch=16"
        )
        data = training.write_npz(folder)
        checkpoint = folder / "run.ckpt"
        # As many steps as keep the run going through all kills.
        iterations = options.per_kill * options.kills
        flags = [f"--iterations={iterations}", "--seed=3", "--checkpoint-every=20"]
        start = time.monotonic()
        training.train(
            program, data, *flags, f"--checkpoint={folder / 'calm.ckpt'}",
            f"--export={folder / 'calm.onnx'}",
        )  # fmt: skip
        calm_seconds = time.monotonic() - start
        expected = training.weights(folder / "calm.onnx")

        resumes = early = 0
        while True:
            command = [
                program, "train", f"--data={data}", "--threads=2", *flags,
                f"--checkpoint={checkpoint}", f"--export={folder / 'killed.onnx'}",
            ]  # fmt: skip
            if checkpoint.exists():
                command.append("--resume")
                resumes += 1
            process = subprocess.Popen(
                [str(word) for word in command],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                env={**os.environ, **training.PATIENT},
            )  # fmt: skip
            try:
                if kills < options.kills:
                    longest = 1.5 * calm_seconds / options.kills / (1 + early)
                    process.wait(moments.uniform(0, longest))
                else:
                    process.wait(600)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
                kills += 1
                continue
            _, error = process.communicate()
            check(process.returncode == 0, f"after {kills} kills: {error.strip()[-500:]}")
            if kills == options.kills:
                break
            # The machine has become faster since the calm run, so that this one
            # reached its end: begin anew, and kill sooner.
            early += 1
            check(early <= 20, f"{early} runs ended before their kill")
            checkpoint.unlink()
        check(resumes > 0, "no kill came after a checkpoint")
        different = training.same_bits(expected, training.weights(folder / "killed.onnx"))
        check(different is None, f"{different} differs from the undisturbed run")
        info["note"] = f"{kills} kills, {resumes} resumes, {iterations} steps"
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
