#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Feeds broken inputs to the compiler and to an executable it made.

    run_broken.py --fracc=build/bin/fracc --count=300
    run_broken.py --fracc=build/asan/bin/fracc --count=10000 --jobs=2

Nothing may crash, hang or eat the memory: the exit status is 0, 1, 2 or 3,
and what fails says why in one line. A failure is printed with the seed and
number that make it again (make_broken.py --first=NUMBER --count=1).
"""

import os
import re
import resource
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import make_broken
from make_broken import harness

# Signs of a crash that the exit status may hide.
CRASH = re.compile(
    r"AddressSanitizer|LeakSanitizer|UndefinedBehavior|runtime error:|LLVM ERROR|PLEASE submit"
    r"|terminate called|Assertion|Stack dump|bad_alloc|std::"
)

# Sanitizers end with a status of their own; a large allocation is a finding.
SANITIZERS = {
    "ASAN_OPTIONS": "exitcode=99:abort_on_error=0:detect_leaks=0:max_allocation_size_mb=6000",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1:exitcode=99",
}


def limits(memory):
    """What a child process may take at most; no core files."""

    def apply():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    return apply


class Runner:
    """Runs one input after another and collects what went wrong."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        # A sanitizer reserves terabytes of addresses: no limit on those.
        sanitized = b"__asan_init" in options.fracc.read_bytes()
        self.memory = 0 if sanitized else 6 << 30
        self.environment = {**os.environ, **SANITIZERS, "OMP_NUM_THREADS": "1"}
        self.program, self.checkpoint, self.data = self.prepare()
        self.findings = []
        self.statuses = {}

    def prepare(self):
        """A good executable, a good checkpoint of it, and good data."""
        program = harness.compile_model(
            self.options.fracc, harness.MODELS / "lenet.onnx", self.folder / "program", "--batch=4"
        )
        data = self.folder / "good.npz"
        generator = make_broken.numpy.random.default_rng(0)
        x = generator.standard_normal((8, 1, 32, 32)).astype("float32")
        make_broken.numpy.savez(data, x=x, y=generator.integers(0, 10, 8))
        checkpoint = self.folder / "good.ckpt"
        harness.run(
            [program, "train", f"--data=npz:{data}", "--iterations=2",
             f"--checkpoint={checkpoint}"]
        )  # fmt: skip
        return program, checkpoint.read_bytes(), data

    def command(self, kind, path, dice):
        """The command that reads an input."""
        fracc = self.options.fracc
        if kind == "model":
            out = path.with_suffix(".out")
            return dice.choice([
                [fracc, "inspect", path],
                [fracc, "compile", path, "-o", out, "--emit=onnx-import"],
                [fracc, "compile", path, "-o", out, "--emit=backward", "--batch=2"],
                [fracc, "compile", path, "-o", out, "--emit=llvm", "--batch=2"],
                [self.program, "train", f"--data=npz:{self.data}", "--iterations=1",
                 f"--init={path}"],
            ])  # fmt: skip
        if kind == "recipe":
            model = harness.MODELS / "mlp.onnx"
            out = path.with_suffix(".out")
            return [fracc, "compile", model, f"--recipe={path}", "-o", out, "--emit=backward"]
        if kind == "checkpoint":
            flag = dice.choice([["--resume", f"--checkpoint={path}"], [f"--init={path}"]])
            return [self.program, "train", f"--data=npz:{self.data}", "--iterations=3", *flag]
        return [self.program, "train", f"--data={kind}:{path}", "--iterations=1"]

    def judge(self, status, error):
        """What is wrong with an outcome, or None."""
        if status < 0:
            return f"killed by {signal.Signals(-status).name}"
        if status not in (0, 1, 2, 3):
            return f"exit status {status}"
        found = CRASH.search(error)
        if found:
            return f"'{found.group()}' in the message"
        if status in (1, 2):
            lines = error.strip().splitlines()
            if not lines:
                return "no message"
            if not any("error" in line for line in lines):
                return "no line says error"
            if len(lines) > 40:
                return f"{len(lines)} lines of message"
        return None

    def one(self, number):
        """Makes an input, runs it, removes it."""
        kind, contents, fault = make_broken.broken(self.options.seed, number, self.checkpoint)
        path = make_broken.write(kind, contents, self.folder, f"{number:05d}-{kind}")
        dice = make_broken.generator_of("command", number)
        command = [str(word) for word in self.command(kind, path, dice)]
        try:
            process = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, timeout=self.options.timeout, env=self.environment,
                preexec_fn=limits(self.memory), cwd=self.folder,
            )  # fmt: skip
            status, error = process.returncode, process.stderr.decode(errors="replace")
            wrong = self.judge(status, error)
            if wrong is None and kind != "model" and status in (1, 3):
                lines = len(error.strip().splitlines())
                wrong = None if lines <= 3 else f"{lines} lines of message"
        except subprocess.TimeoutExpired:
            status, error, wrong = "timeout", "", f"no end after {self.options.timeout} s"
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if wrong:
            self.findings.append(number)
            print(f"FAIL {number} ({kind}, {fault}): {wrong}\n  {' '.join(command)}")
            print("  " + "\n  ".join(error.strip().splitlines()[:12]), flush=True)
        if not (wrong and self.options.keep):
            if path.is_dir():
                for file in path.iterdir():
                    file.unlink()
                path.rmdir()
            else:
                path.unlink(missing_ok=True)
        path.with_suffix(".out").unlink(missing_ok=True)
        return kind


def main():
    parser = harness.arguments(__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=60, help="seconds for one input")
    options = parser.parse_args()
    options.fracc = options.fracc.resolve()
    if not options.fracc.exists():
        raise SystemExit(f"error: no compiler at {options.fracc}")
    with harness.workspace(options.keep) as folder:
        runner = Runner(options, Path(folder))
        numbers = range(options.first, options.first + options.count)
        kinds = {}
        with ThreadPoolExecutor(options.jobs) as pool:
            for kind in pool.map(runner.one, numbers):
                kinds[kind] = kinds.get(kind, 0) + 1
    total = sum(kinds.values())
    print(f"inputs: {', '.join(f'{kinds[kind]} {kind}' for kind in sorted(kinds))}")
    print(f"exit statuses: {dict(sorted(runner.statuses.items(), key=str))}")
    print(f"fuzz.broken: {total - len(runner.findings)} passed, {len(runner.findings)} failed")
    if total == 0:
        print("error: no case ran")
    return 1 if runner.findings or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
