#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares a few updates of compiled optimizers with PyTorch's.

    optimizer_oracle.py --fracc=build/bin/fracc --only=adam

The same network takes five steps on the same batch in both. The difference of
each parameter must be within 1e-4 of how far it moved (relative, L2).
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import harness  # noqa: E402
from harness import check  # noqa: E402

harness.require("numpy", "torch", "onnx")
import numpy  # noqa: E402
import onnx  # noqa: E402
import onnx.numpy_helper  # noqa: E402
import torch  # noqa: E402

MODEL = harness.MODELS / "mlp.onnx"
BATCH, STEPS, TOLERANCE = 64, 5, 1e-4

# Of each case: the recipe's [optimizer], PyTorch's class and arguments, and the
# largest norm of the gradients.
CASES = {
    "sgd": ("sgd", torch.optim.SGD, dict(lr=0.1, momentum=0.9, weight_decay=0.01), 0),
    "sgd-plain": ("sgd", torch.optim.SGD, dict(lr=0.1, momentum=0.0), 0),
    "nesterov": (
        "sgd", torch.optim.SGD, dict(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01), 0,
    ),
    "adam": ("adam", torch.optim.Adam, dict(lr=1e-3, weight_decay=0.01), 0),
    "adamw": ("adamw", torch.optim.AdamW, dict(lr=1e-3, weight_decay=0.01), 0),
    "clipped": ("sgd", torch.optim.SGD, dict(lr=0.1, momentum=0.9), 0.5),
    "clip-beyond-norm": ("sgd", torch.optim.SGD, dict(lr=0.1, momentum=0.9), 1e6),
}  # fmt: skip


def weights(path):
    """The initializers of a model by name."""
    graph = onnx.load(path).graph
    return {item.name: onnx.numpy_helper.to_array(item) for item in graph.initializer}


def forward(parameters, x):
    """The network of MODEL."""
    hidden = x.flatten(1) @ parameters["fc1.weight"].T + parameters["fc1.bias"]
    hidden = torch.nn.functional.gelu(hidden)
    hidden = torch.tanh(hidden @ parameters["fc2.weight"].T + parameters["fc2.bias"])
    return hidden @ parameters["fc3.weight"].T + parameters["fc3.bias"]


def train_pytorch(x, y, make, arguments, clip):
    """The parameters after STEPS updates."""
    parameters = {
        name: torch.nn.Parameter(torch.tensor(value.copy()))
        for name, value in weights(MODEL).items()
    }
    optimizer = make(parameters.values(), **arguments)
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(
            forward(parameters, torch.tensor(x)), torch.tensor(y)
        )
        loss.backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(parameters.values(), clip)
        optimizer.step()
    return {name: value.detach().numpy() for name, value in parameters.items()}


def train_compiled(fracc, folder, data, kind, arguments, clip):
    """The initializers of the exported model after STEPS updates."""
    settings = {"kind": f'"{kind}"', **arguments, "clip_norm": clip}
    lines = [f"{key} = {str(value).lower()}" for key, value in settings.items()]
    recipe = folder / "recipe.toml"
    recipe.write_text("\n".join(["[optimizer]", *lines]) + "\n")
    program = harness.compile_model(
        fracc, MODEL, folder / "program", f"--batch={BATCH}", f"--recipe={recipe}"
    )
    exported = folder / "trained.onnx"
    harness.run(
        [program, "train", f"--data=npz:{data}", f"--iterations={STEPS}", "--normalize=none",
         "--augment=none", f"--export={exported}"]
    )  # fmt: skip
    return weights(exported)


def main():
    options = harness.arguments(__doc__).parse_args()
    generator = numpy.random.default_rng(0)
    x = generator.standard_normal((BATCH, 1, 32, 32)).astype(numpy.float32)
    y = generator.integers(0, 10, BATCH)
    before = weights(MODEL)
    suite = harness.Suite("oracle.optimizers")
    with harness.workspace(options.keep) as folder:
        data = folder / "batch.npz"
        numpy.savez(data, x=x, y=y)
        for name, (kind, make, arguments, clip) in CASES.items():
            if not re.search(options.only, name):
                continue
            with suite.case(name) as info:
                expected = train_pytorch(x, y, make, arguments, clip)
                ours = train_compiled(options.fracc, folder, data, kind, arguments, clip)
                errors = {
                    key: numpy.linalg.norm(ours[key] - value)
                    / numpy.linalg.norm(value - before[key])
                    for key, value in expected.items()
                }
                worst = max(errors, key=errors.get)
                info["note"] = f"{errors[worst]:.1e}"
                check(
                    errors[worst] <= TOLERANCE,
                    f"{worst} is off by {errors[worst]:.2e} of its change",
                )
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
