#!/usr/bin/env python3
"""Gradients that the plugin builds for functions in linalg, executed by
mlir-runner, equal finite differences of the function itself."""

import argparse
import pathlib
import sys

import numpy as np
import stock

INPUTS = pathlib.Path(__file__).parent / "Inputs"
STEP = 1e-2
DIRECTIONS = 6

# name: the arguments (integers, or the shapes of random numbers), those whose
# gradients are wanted
MODULES = {
    "two-layers": ([(4, 5), (4, 3), (6, 5), (6,), (6, 3)], [2, 3, 4]),
    "conv-layers": ([(2, 6, 6, 2), (3, 3, 2, 4), (4,), (2, 2, 4)], [0, 1, 2, 3]),
    "torch-cross-entropy": ([(4, 5), np.array([0, 2, 1, 2]), (5, 3)], [0, 2]),
    "torch-transposed-loss": ([(1, 2, 3, 3), (2, 3, 3, 3)], [0, 1]),
    "torch-embedding": ([np.array([1, 0, 1]), (4, 3), (3, 2)], [1, 2]),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    stock.add_arguments(parser)
    tools = stock.Stock(parser.parse_args())
    for name, (shapes, wanted) in MODULES.items():
        text = (INPUTS / f"{name}.mlir").read_text()
        text = tools.opt(text, "frac-build-backward{into=backward strict "
                               f"arguments={','.join(map(str, wanted))}}}")
        random = np.random.default_rng(3)
        values = [shape if isinstance(shape, np.ndarray) else
                  random.standard_normal(shape).astype(np.float32) for shape in shapes]
        loss, *gradients = tools.execute(text, [values], "backward")
        if not np.allclose(loss, tools.execute(text, [values])[0], rtol=1e-6):
            sys.exit(f"{name}: the new function has another loss")

        sets, expected = [], []
        for number, gradient in zip(wanted, gradients):
            if gradient.shape != shapes[number]:
                sys.exit(f"{name}: the gradient of argument {number} has the "
                         f"shape {gradient.shape}")
            for _ in range(DIRECTIONS):
                direction = random.standard_normal(shapes[number])
                direction /= np.linalg.norm(direction)
                expected.append((number, float((gradient * direction).sum())))
                for step in (STEP, -STEP):
                    moved = list(values)
                    moved[number] = (values[number] + step * direction).astype(np.float32)
                    sets.append(moved)
        losses = [float(value) for value in tools.execute(text, sets)]
        for i, (number, slope) in enumerate(expected):
            difference = (losses[2 * i] - losses[2 * i + 1]) / (2 * STEP)
            scale = np.linalg.norm(gradients[wanted.index(number)])
            if not abs(difference - slope) < 2e-3 * max(scale, 0.1):
                sys.exit(f"{name}, argument {number}: the gradient gives {slope}, "
                         f"finite differences {difference}")
        print(f"{name}: {len(expected)} directions agree")


if __name__ == "__main__":
    main()
