# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the end-to-end tests share: small data and runs of an executable."""

import gzip
import json
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import harness  # noqa: E402

harness.require("numpy", "onnx")
import numpy  # noqa: E402
import onnx  # noqa: E402
from onnx import numpy_helper  # noqa: E402


# Threads that wait without spinning: tests share the machine.
PATIENT = {"OMP_WAIT_POLICY": "passive"}


def images(count, channels=1, classes=10, seed=0):
    """Images whose class shows as a bright patch, so that little training
    suffices: (x as float32, y as int64)."""
    generator = numpy.random.default_rng(seed)
    y = generator.integers(0, classes, count)
    x = 0.5 * generator.standard_normal((count, channels, 32, 32))
    for i, label in enumerate(y):
        row, column = divmod(int(label), 4)
        x[i, :, 8 * row : 8 * row + 8, 8 * column : 8 * column + 8] += 1.5
    return x.astype(numpy.float32), y.astype(numpy.int64)


def write_npz(folder, train=320, test=96, channels=1, seed=0):
    """Training and test files; the --data specification of them."""
    train_x, train_y = images(train, channels, seed=seed)
    test_x, test_y = images(test, channels, seed=seed + 1)
    numpy.savez(folder / "train.npz", x=train_x, y=train_y)
    numpy.savez(folder / "test.npz", x=test_x, y=test_y)
    return f"npz:{folder / 'train.npz'},{folder / 'test.npz'}"


def write_idx(folder, train=64, test=32, packed=False, size=28):
    """An MNIST-style folder of random images."""
    generator = numpy.random.default_rng(5)
    for prefix, count in [("train", train), ("t10k", test)]:
        pixels = generator.integers(0, 256, (count, size, size), numpy.uint8).tobytes()
        labels = generator.integers(0, 10, count, numpy.uint8).tobytes()
        for suffix, data in [
            ("images-idx3-ubyte", struct.pack(">IIII", 0x803, count, size, size) + pixels),
            ("labels-idx1-ubyte", struct.pack(">II", 0x801, count) + labels),
        ]:
            name = f"{prefix}-{suffix}"
            if packed:
                (folder / (name + ".gz")).write_bytes(gzip.compress(data))
            else:
                (folder / name).write_bytes(data)
    return f"idx:{folder}"


def write_cifar10(folder, rows=40):
    """CIFAR-10's binary files with few random rows each."""
    generator = numpy.random.default_rng(6)
    names = [f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"]
    for name in names:
        row = generator.integers(0, 256, (rows, 3073), numpy.uint8)
        row[:, 0] %= 10
        (folder / name).write_bytes(row.tobytes())
    return f"cifar10:{folder}"


def write_cifar100(folder, rows=40):
    """CIFAR-100's binary files: a coarse and a fine label before the pixels."""
    generator = numpy.random.default_rng(7)
    for name in ("train.bin", "test.bin"):
        row = generator.integers(0, 256, (rows, 3074), numpy.uint8)
        row[:, 0] %= 20
        row[:, 1] %= 100
        (folder / name).write_bytes(row.tobytes())
    return f"cifar100:{folder}"


def train(executable, data, *flags, status=0, timeout=300):
    """`OUT train` with two threads and no surprises."""
    command = [executable, "train", f"--data={data}", "--threads=2", *flags]
    return harness.run(command, status=status, timeout=timeout, env=PATIENT)


def weights(model):
    """The initializers of an ONNX file."""
    graph = onnx.load(str(model)).graph
    return {item.name: numpy_helper.to_array(item) for item in graph.initializer}


def same_bits(a, b):
    """Whether two sets of arrays are equal bit for bit; the first name that
    differs, or None."""
    if a.keys() != b.keys():
        return "the names"
    for name in a:
        if a[name].tobytes() != b[name].tobytes():
            return name
    return None


def report(path):
    """A report file."""
    return json.loads(Path(path).read_text())
