#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs ONNX's backend tests through `fracc test-onnx`.

    onnx_suite_test.py --fracc=build/bin/fracc [--only=test_conv]

No folder may FAIL or crash the compiler; what is not supported says why. At
least `--least` folders must pass. Needs libonnx-testdata.
"""

import re
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import harness  # noqa: E402
from harness import check  # noqa: E402

DATA = Path("/usr/share/libonnx-testdata/data")
SUITES = ["node", "simple", "pytorch-operator", "pytorch-converted"]

# Folders a process: a crash costs the rest of its group only.
GROUP = 60


def run_group(fracc, folders, verdicts, reasons):
    """One process over some folders; collects the verdict of each."""
    process = harness.run([fracc, "test-onnx", *folders], status=None, timeout=600)
    names = {folder.name: folder for folder in folders}
    seen = {}
    for line in process.stdout.splitlines():
        match = re.fullmatch(r"(.*): (PASS|FAIL|UNSUPPORTED)\b ?(.*)", line)
        folder = match and names.get(Path(match.group(1)).name)
        if not folder:
            continue
        seen[folder] = match.group(2)
        if match.group(2) == "UNSUPPORTED":
            check(match.group(3), f"no reason: {line}")
            reasons[match.group(3)] += 1
        if match.group(2) == "FAIL":
            print(line)
    silent = [folder.name for folder in folders if folder not in seen]
    verdicts.update(seen)
    tail = process.stderr.strip()[-500:]
    check(not silent, f"no verdict on {len(silent)} folders from {silent[0] if silent else ''}; "
          f"exit status {process.returncode}: {tail}")  # fmt: skip
    failed = [folder.name for folder in folders if seen[folder] == "FAIL"]
    check(not failed, f"{len(failed)} failed: {' '.join(failed)}")
    check(process.returncode == 0, f"exit status {process.returncode}: {tail}")


def main():
    parser = harness.arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--least", type=int, default=1, help="folders that must pass")
    parser.add_argument("--reasons", action="store_true", help="count why not supported")
    options = parser.parse_args()
    if not options.data.exists():
        print(f"SKIPPED: no {options.data} (apt install libonnx-testdata)")
        return harness.SKIPPED
    folders = [
        folder
        for suite in SUITES
        for folder in sorted((options.data / suite).iterdir())
        if (folder / "model.onnx").exists() and re.search(options.only, folder.name)
    ]
    suite = harness.Suite("e2e.onnx")
    verdicts, reasons = {}, Counter()
    for begin in range(0, len(folders), GROUP):
        group = folders[begin : begin + GROUP]
        with suite.case(f"{group[0].name} to {group[-1].name}") as info:
            run_group(options.fracc, group, verdicts, reasons)
            info["note"] = f"{sum(verdicts[f] == 'PASS' for f in group)} of {len(group)} pass"
    if options.reasons:
        for reason, count in reasons.most_common():
            print(f"{count:5} {reason}")
    counts = Counter(verdicts.values())
    print(", ".join(f"{counts[v]} {v}" for v in ("PASS", "FAIL", "UNSUPPORTED")))
    with suite.case(f"at least {options.least} folders pass"):
        check(counts["PASS"] >= options.least, f"only {counts['PASS']}")
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
