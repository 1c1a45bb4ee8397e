# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the Python tests share: running the compiler and its executables, and
counting cases so that a suite that ran nothing fails."""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "examples" / "models"
FASHION_MNIST = Path("/usr/share/datasets/fashion-mnist")

# What ctest takes for "skipped" (SKIP_RETURN_CODE).
SKIPPED = 77


def require(*modules):
    """Ends the test as skipped where a Python package is not installed."""
    for module in modules:
        try:
            __import__(module)
        except ImportError:
            print(f"SKIPPED: python3-{module} is not installed (tools/setup --dev)")
            sys.exit(SKIPPED)


class Failure(Exception):
    """A check that did not hold."""


class Unsupported(Exception):
    """The compiler says that it does not support the model."""


def check(condition, message):
    """Fails the case with `message` unless `condition` holds."""
    if not condition:
        raise Failure(message)


def run(command, timeout=300, status=0, env=None):
    """Runs a command; returns the finished process with its text.

    Fails unless its exit status is `status`; None accepts any.
    """
    process = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
        env=None if env is None else {**os.environ, **env},
    )
    process.stdout = process.stdout.decode(errors="replace")
    process.stderr = process.stderr.decode(errors="replace")
    if status is not None and process.returncode != status:
        words = " ".join(str(word) for word in command)
        raise Failure(
            f"exit status {process.returncode}, not {status}: {words}\n"
            + (process.stderr.strip() or process.stdout.strip())[-2000:]
        )
    return process


def compile_model(fracc, model, output, *flags):
    """Compiles a model; raises Unsupported where the compiler names a node that
    it cannot take."""
    process = run([fracc, "compile", model, "-o", output, *flags], status=None)
    if process.returncode == 1 and re.search(r"error: node '", process.stderr):
        raise Unsupported(process.stderr.strip())
    if process.returncode != 0:
        message = process.stderr.strip()[-2000:]
        raise Failure(f"compile: exit status {process.returncode}\n{message}")
    return output


class Suite:
    """Runs named cases, prints one line each, and counts them."""

    def __init__(self, name, verbose=False):
        self.name = name
        self.verbose = verbose
        self.passed = []
        self.failed = []
        self.unsupported = []

    @contextlib.contextmanager
    def case(self, name, required=True):
        """A case: passes unless its body raises. A model the compiler does not
        support fails only a required case. The body may set ["note"]."""
        info = {"note": ""}
        start = time.monotonic()
        try:
            yield info
        except Unsupported as error:
            if required:
                self.failed.append(name)
                print(f"FAIL {name}: required, yet {error}", flush=True)
            else:
                self.unsupported.append(name)
                first = str(error).splitlines()[0]
                print(f"UNSUPPORTED {name}: {first}", flush=True)
        except (Failure, subprocess.TimeoutExpired) as error:
            self.failed.append(name)
            print(f"FAIL {name}: {error}", flush=True)
        except Exception:  # noqa: BLE001 - a broken case must not end the suite
            self.failed.append(name)
            print(f"FAIL {name}: {traceback.format_exc()}", flush=True)
        else:
            self.passed.append(name)
            print(f"PASS {name} {info['note']} ({time.monotonic() - start:.1f} s)", flush=True)

    def finish(self):
        """Prints the counts; the exit status of the suite."""
        print(
            f"{self.name}: {len(self.passed)} passed, {len(self.failed)} failed,"
            f" {len(self.unsupported)} unsupported"
        )
        if self.failed:
            print("failed: " + " ".join(self.failed))
        if not self.passed and not self.failed:
            print("error: no case ran")
            return 1
        return 1 if self.failed else 0


class Cases:
    """The cases of a suite, in the order in which they were registered: `case =
    Cases()` makes a decorator."""

    def __init__(self):
        self.functions = []

    def __call__(self, function):
        """Registers a case; its name is the function's."""
        self.functions.append(function)
        return function

    def main(self, name, description, prepare, note=lambda result: ""):
        """Runs those that --only names, each with what `prepare` makes of the
        compiler and a folder; `note` is what the line of one that passed says of
        its result. Returns the exit status."""
        options = arguments(description).parse_args()
        if not options.fracc.exists():
            raise SystemExit(f"error: no compiler at {options.fracc}")
        suite = Suite(name)
        with workspace(options.keep) as folder:
            prepared = prepare(options.fracc.resolve(), folder)
            for function in self.functions:
                if re.search(options.only, function.__name__):
                    with suite.case(function.__name__) as info:
                        info["note"] = note(function(prepared))
        return suite.finish()


def arguments(description):
    """The parser of a suite with the options that all have."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--fracc", type=Path, default=ROOT / "build" / "bin" / "fracc", help="the compiler"
    )
    parser.add_argument("--only", default="", help="run the cases whose name matches this regex")
    parser.add_argument("--keep", type=Path, help="work in this folder and keep it")
    return parser


@contextlib.contextmanager
def workspace(keep):
    """A folder for a suite's files: a temporary one, or `keep`."""
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
    else:
        with tempfile.TemporaryDirectory(prefix="fracc-test-") as folder:
            yield Path(folder)
