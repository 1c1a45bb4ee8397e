#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains an example network in PyTorch by a recipe: the other curve of
docs/benchmarks.md (needs python3-torch).

    train_pytorch.py resnet20 --in-channels=1 --recipe=examples/recipes/resnet20-fashion.toml \\
        --data=idx:/usr/share/datasets/fashion-mnist --epochs=10 --report=pytorch.json

Reads the recipe and the data the way a compiled executable does, starts from
the weights that make_models.py exports for the same seed, and writes a report
of the same form.
"""

import argparse
import gzip
import json
import math
import resource
import statistics
import sys
import time
import tomllib
from pathlib import Path

import numpy
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "models"))
import networks  # noqa: E402


def read_idx(folder, prefix, suffix):
    """One array of an MNIST-style folder, plain or compressed."""
    stem = Path(folder) / f"{prefix}-{suffix}-ubyte"
    packed = stem.with_name(stem.name + ".gz")
    data = stem.read_bytes() if stem.exists() else gzip.decompress(packed.read_bytes())
    rank = data[3]
    shape = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(rank)]
    return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * rank).reshape(shape)


def read_cifar10(folder, names):
    """Images and labels of CIFAR-10's binary release."""
    rows = numpy.concatenate(
        [numpy.fromfile(Path(folder) / name, numpy.uint8).reshape(-1, 3073) for name in names]
    )
    return rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0]


def load(spec):
    """(train x, train y, test x, test y) of a --data specification: bytes of
    shape (N, C, 32, 32) and labels, 28x28 images padded by zeros."""
    kind, _, folder = spec.partition(":")
    if kind == "idx":
        split = []
        for prefix in ("train", "t10k"):
            images = read_idx(folder, prefix, "images-idx3")[:, None]
            pad = (32 - images.shape[-1]) // 2
            images = numpy.pad(images, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
            split += [images, read_idx(folder, prefix, "labels-idx1")]
        return split
    if kind == "cifar10":
        return [
            *read_cifar10(folder, [f"data_batch_{i}.bin" for i in range(1, 6)]),
            *read_cifar10(folder, ["test_batch.bin"]),
        ]
    raise SystemExit(f"unknown data '{spec}': idx:DIR or cifar10:DIR")


def to_tensors(data):
    """Scales to [0, 1], normalizes each channel by the training split."""
    train_x, train_y, test_x, test_y = data
    channels = train_x.shape[1]
    mean = (train_x.mean(axis=(0, 2, 3)) / 255).astype(numpy.float32).reshape(1, channels, 1, 1)
    std = (train_x.std(axis=(0, 2, 3)) / 255).astype(numpy.float32).reshape(1, channels, 1, 1)

    def images(x):
        return torch.from_numpy((x.astype(numpy.float32) / 255 - mean) / std)

    return (
        images(train_x), torch.from_numpy(train_y.astype(numpy.int64)),
        images(test_x), torch.from_numpy(test_y.astype(numpy.int64)),
    )  # fmt: skip


def augment_cifar(x, generator):
    """Pads by 4, crops at random, flips half of the images."""
    padded = torch.nn.functional.pad(x, (4, 4, 4, 4))
    out = torch.empty_like(x)
    offsets = torch.randint(0, 9, (len(x), 2), generator=generator).tolist()
    flips = torch.randint(0, 2, (len(x),), generator=generator).tolist()
    for i, ((top, left), flip) in enumerate(zip(offsets, flips)):
        image = padded[i, :, top : top + x.shape[2], left : left + x.shape[3]]
        out[i] = image.flip(-1) if flip else image
    return out


def learning_rate(schedule, base, iteration, total):
    """The rate of an iteration, counted from 0, as the recipe's kinds define it."""
    warmup = schedule.get("warmup", 0)
    if iteration < warmup:
        return base * (iteration + 1) / warmup
    kind = schedule.get("kind", "constant")
    if kind == "constant":
        return base
    if kind == "piecewise":
        passed = sum(iteration >= milestone for milestone in schedule["milestones"])
        return base * schedule.get("factor", 0.1) ** passed
    progress = (iteration - warmup) / max(1, total - warmup)
    if kind == "linear":
        return base * (1 - progress)
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * progress))
    raise SystemExit(f"unknown schedule '{kind}'")


def make_optimizer(recipe, model):
    """The recipe's optimizer; every parameter decays alike."""
    keys = recipe.get("optimizer", {})
    kind = keys.get("kind", "sgd")
    decay = keys.get("weight_decay", 0.0)
    lr = keys.get("lr", 0.1 if kind == "sgd" else 1e-3)
    if kind == "sgd":
        return torch.optim.SGD(
            model.parameters(), lr, momentum=keys.get("momentum", 0.9), weight_decay=decay,
            nesterov=keys.get("nesterov", False),
        )  # fmt: skip
    classes = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    return classes[kind](model.parameters(), lr, weight_decay=decay)


def evaluate(model, x, y, batch):
    """Mean loss and accuracy over a split, in inference mode."""
    model.eval()
    loss = correct = 0.0
    with torch.no_grad():
        for begin in range(0, len(x), batch):
            target = y[begin : begin + batch]
            logits = model(x[begin : begin + batch])
            loss += torch.nn.functional.cross_entropy(logits, target, reduction="sum").item()
            correct += (logits.argmax(1) == target).sum().item()
    return loss / len(x), correct / len(x)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("network", choices=list(networks.NETWORKS))
    parser.add_argument("--recipe", type=Path, required=True)
    parser.add_argument("--data", required=True, help="idx:DIR or cifar10:DIR")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--in-channels", type=int)
    parser.add_argument("--augment", choices=["none", "cifar"], default="none")
    parser.add_argument("--report", type=Path)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    recipe = tomllib.loads(options.recipe.read_text())
    model, shape = networks.make(options.network, options.in_channels, seed=options.seed)
    train_x, train_y, test_x, test_y = to_tensors(load(options.data))
    if train_x.shape[1] != shape[0]:
        parser.error(f"data has {train_x.shape[1]} channels, the network {shape[0]}")
    optimizer = make_optimizer(recipe, model)
    base = optimizer.param_groups[0]["lr"]
    generator = torch.Generator().manual_seed(options.seed)
    steps = -(-len(train_x) // options.batch)
    total = steps * options.epochs
    report = {
        "model": options.network, "recipe": recipe, "seed": options.seed,
        "threads": options.threads, "batch": options.batch,
        "torch": torch.__version__, "epochs": [],
    }  # fmt: skip
    start = time.monotonic()
    for epoch in range(options.epochs):
        model.train()
        order = torch.randperm(len(train_x), generator=generator)
        loss_sum = correct = 0.0
        times = []
        epoch_start = time.monotonic()
        for step in range(steps):
            step_start = time.monotonic()
            rows = order[step * options.batch : (step + 1) * options.batch]
            x, y = train_x[rows], train_y[rows]
            if options.augment == "cifar":
                x = augment_cifar(x, generator)
            rate = learning_rate(
                recipe.get("schedule", {}), base, epoch * steps + step, total
            )
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.zero_grad(set_to_none=True)
            logits = model(x)
            loss = torch.nn.functional.cross_entropy(logits, y)
            loss.backward()
            optimizer.step()
            loss_sum += loss.item() * len(rows)
            correct += (logits.argmax(1) == y).sum().item()
            times.append(time.monotonic() - step_start)
        test_loss, test_accuracy = evaluate(model, test_x, test_y, options.batch)
        report["epochs"].append({
            "epoch": epoch + 1,
            "train_loss": loss_sum / len(train_x), "train_accuracy": correct / len(train_x),
            "test_loss": test_loss, "test_accuracy": test_accuracy,
            "seconds": time.monotonic() - epoch_start,
            "step_ms_median": 1000 * statistics.median(times), "lr": rate,
        })  # fmt: skip
        row = report["epochs"][-1]
        print(
            f"epoch {epoch + 1}/{options.epochs}  loss {row['train_loss']:.4f}"
            f"  accuracy {row['train_accuracy']:.4f}  test loss {test_loss:.4f}"
            f"  test accuracy {test_accuracy:.4f}  {row['seconds']:.1f} s",
            flush=True,
        )
        report["totals"] = {
            "wall_seconds": time.monotonic() - start,
            "peak_rss_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        }
        report["best_test_accuracy"] = max(e["test_accuracy"] for e in report["epochs"])
        if options.report:
            options.report.write_text(json.dumps(report, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
