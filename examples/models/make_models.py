#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes the example models as ONNX files (needs python3-torch, python3-onnx).

    make_models.py --out=build/models                  # all of them
    make_models.py --out=build/models resnet38 lenet   # some
    make_models.py --out=build/models --in-channels=1 resnet20

Models are exported for training: BatchNormalization is there, in training
mode, and nothing is folded. --inference exports the same networks the way
most published files come: BatchNormalization folded into the convolutions.
The same name, options and seed give the same bytes. The small files beside
this script were made by it: see COMMITTED.
"""

import argparse
import sys
import warnings
from pathlib import Path

import onnx
import torch

import networks

# The files kept in the repository: file name -> (network, input channels).
COMMITTED = {
    "resnet8.onnx": ("resnet8", 1),
    "resnet8-rgb.onnx": ("resnet8", 3),
    "mobilenet-small.onnx": ("mobilenet-small", 3),
    "lenet.onnx": ("lenet", 1),
    "mlp.onnx": ("mlp", 1),
}

OPSET = 14


def export(model, shape, path, inference=False, opset=OPSET):
    """Writes `model` with a dynamic batch axis; input "x", output "logits"."""
    mode = torch.onnx.TrainingMode.EVAL if inference else torch.onnx.TrainingMode.TRAINING
    model.train(not inference)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            torch.zeros(2, *shape),
            str(path),
            training=mode,
            do_constant_folding=inference,
            opset_version=opset,
            input_names=["x"],
            output_names=["logits"],
            dynamic_axes={"x": {0: "batch"}, "logits": {0: "batch"}},
        )
    onnx.checker.check_model(str(path))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help=", ".join(networks.NETWORKS))
    parser.add_argument("--out", type=Path, required=True, help="folder, made if absent")
    parser.add_argument("--in-channels", type=int, help="default: the network's own")
    parser.add_argument("--classes", type=int, help="default: the network's own")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--inference", action="store_true", help="fold BatchNormalization")
    parser.add_argument(
        "--committed", action="store_true", help="the files kept in the repository instead"
    )
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in networks.NETWORKS]
    if unknown:
        parser.error(f"no network {', '.join(unknown)}; there are {', '.join(networks.NETWORKS)}")

    if options.committed:
        jobs = [(file, name, channels) for file, (name, channels) in COMMITTED.items()]
    else:
        suffix = "-inference" if options.inference else ""
        if options.in_channels is not None:
            suffix = f"-{options.in_channels}ch" + suffix
        jobs = [
            (f"{name}{suffix}.onnx", name, options.in_channels)
            for name in options.names or networks.NETWORKS
        ]
    options.out.mkdir(parents=True, exist_ok=True)
    for file, name, channels in jobs:
        model, shape = networks.make(name, channels, options.classes, options.seed)
        macs = networks.count_macs(model, shape)
        export(model, shape, options.out / file, options.inference)
        parameters = sum(p.numel() for p in model.parameters())
        print(f"{file}: {macs / 1e6:.2f} M MACs a sample, {parameters} parameters")
    return 0


if __name__ == "__main__":
    sys.exit(main())
