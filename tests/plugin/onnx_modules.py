#!/usr/bin/env python3
"""One pipeline of the plugin makes the same quantizers for a network that fracc
imported from ONNX, lowered to linalg, and for one that came as linalg."""

import argparse
import pathlib
import re
import subprocess
import sys

import stock

HERE = pathlib.Path(__file__).parent
PIPELINE = ("func.func(frac-lower-contractions{strict},frac-lower-nn),canonicalize,"
            "frac-insert-quantize{strict activation-bits=6 weight-bits=4}")


def quantizers(text):
    """For each contraction in order: its kind, and of both factors where the
    width comes from, the granularity and the types."""
    values, found = {}, []
    for line in text.splitlines():
        defined = re.match(r"\s*(%[\w.]+)(?:, %[\w.]+)? = (.*)", line)
        if not defined:
            continue
        name, operation = defined.groups()
        values[name] = operation
        contraction = re.match(r"(linalg\.(?:conv\w*|matmul)) .*?ins\((%[\w.]+), (%[\w.]+) :", operation)
        if not contraction:
            continue
        factors = []
        for operand in contraction.groups()[1:]:
            dequantize = values[operand]
            integers, bits = re.match(r"frac\.dequantize (%[\w.]+) .* bits (%[\w.]+)",
                                      dequantize).groups()
            quantize = re.sub(r"%[\w.]+", "%", values[integers])
            factors.append((values[bits], quantize))
        found.append((contraction[1], factors))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    stock.add_arguments(parser)
    parser.add_argument("--fracc", required=True)
    args = parser.parse_args()
    tools = stock.Stock(args)
    imported = subprocess.run(
        [args.fracc, "compile", HERE.parent.parent / "examples/models/lenet.onnx",
         "--emit=onnx-import"], capture_output=True, text=True, check=True).stdout
    foreign, _ = stock.fill(HERE / "Inputs/torch-lenet.mlir")
    ours, theirs = (quantizers(tools.opt(text, PIPELINE)) for text in (imported, foreign))
    if ours != theirs or len(ours) != 5:
        sys.exit(f"from ONNX:\n{ours}\nfrom linalg:\n{theirs}")
    print(f"{len(ours)} contractions with the same quantizers")


if __name__ == "__main__":
    main()
