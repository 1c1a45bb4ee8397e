#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what executables evaluate with the quantized models they export.

    export_quantized_test.py --fracc=build/bin/fracc [--only=REGEX]

Networks are trained in integers for a few steps; the exported model must be
valid, hold the trained weights on their grids, and give the outputs of the
executable's own evaluation, computed with NumPy.
"""

import sys

import numpy
import onnx
import onnx_numpy
import training
from harness import MODELS, check
from onnx import TensorProto, helper, numpy_helper
from training import harness

case = harness.Cases()


class Network:
    """A graph that grows from its input."""

    def __init__(self, channels):
        self.random = numpy.random.default_rng(7)
        self.channels = channels
        self.nodes, self.tensors = [], []

    def tensor(self, name, *shape, values=None):
        """An initializer, random unless values are given."""
        if values is None:
            fan_in = numpy.prod(shape[1:]) if len(shape) > 1 else 1
            values = self.random.standard_normal(shape) * (2 / fan_in) ** 0.5
        array = numpy.asarray(values, numpy.float32)
        self.tensors.append(numpy_helper.from_array(array, name))
        return name

    def add(self, op, *inputs, **attributes):
        """A node; gives its output, whose name counts the nodes."""
        output = f"v{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(op, list(inputs), [output], name=f"n{len(self.nodes)}", **attributes)
        )
        return output

    def conv(self, x, inputs, outputs, kernel, stride=1, group=1, relu=True):
        """A convolution, its BatchNormalization and ReLU."""
        name = f"w{len(self.nodes)}"
        self.tensor(name, outputs, inputs // group, kernel, kernel)
        x = self.add(
            "Conv", x, name, kernel_shape=[kernel] * 2, strides=[stride] * 2, group=group,
            pads=[kernel // 2] * 4,
        )  # fmt: skip
        one, zero = numpy.ones(outputs), numpy.zeros(outputs)
        statistics = [
            self.tensor(f"{name}.{part}", values=values)
            for part, values in [("scale", one), ("bias", zero), ("mean", zero), ("var", one)]
        ]
        x = self.add("BatchNormalization", x, *statistics)
        return self.add("Relu", x) if relu else x

    def save(self, path, x, classes, opset):
        """Writes the model whose logits are `x`."""
        graph = helper.make_graph(
            self.nodes,
            "network",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", self.channels, 32, 32])],
            [helper.make_tensor_value_info(x, TensorProto.FLOAT, ["n", classes])],
            self.tensors,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
        model.ir_version = 7
        onnx.save(model, str(path))


def residual(path, opset=13, softmax=False):
    """A residual block with a projection; the head stays in float."""
    net = Network(2)
    x = net.conv("x", 2, 8, 5, stride=2)
    y = net.conv(x, 8, 12, 3, stride=2)
    y = net.conv(y, 12, 12, 3, relu=False)
    x = net.add("Relu", net.add("Add", y, net.conv(x, 8, 12, 1, stride=2, relu=False)))
    x = net.add("Flatten", net.add("GlobalAveragePool", x))
    x = net.add("Softmax", x) if softmax else x
    net.save(path, net.add("Gemm", x, net.tensor("head", 12, 10), net.tensor("b", 10)), 10, opset)


def mixed(path):
    """Depthwise, grouped and transposed convolutions, and weights that are
    shared, transposed and copied on their way."""
    net = Network(2)
    x = net.conv("x", 2, 8, 3, stride=4)
    x = net.conv(x, 8, 8, 3, group=8)
    x = net.conv(x, 8, 12, 3, group=4, stride=2)
    x = net.add("ConvTranspose", x, net.tensor("up", 12, 6, 2, 2), strides=[2, 2])
    x = net.add("Flatten", net.add("GlobalAveragePool", net.add("Relu", x)))
    square = net.add("Transpose", net.tensor("square", 6, 6), perm=[1, 0])
    x = net.add("Relu", net.add("MatMul", x, square))
    x = net.add("Gemm", x, net.add("Identity", "square"), transB=1)
    net.save(path, net.add("Gemm", x, net.tensor("head", 6, 10), net.tensor("b", 10)), 10, 15)


class Bench:
    """A folder, data, and programs compiled once."""

    def __init__(self, fracc, folder):
        self.fracc, self.folder = fracc, folder
        self.data = training.write_npz(folder, channels=2)
        self.programs = {}
        residual(folder / "residual.onnx")
        mixed(folder / "mixed.onnx")

    def program(self, model, *settings):
        """The executable of a model, with keys of the recipe."""
        key = (model, settings)
        if key not in self.programs:
            self.programs[key] = harness.compile_model(
                self.fracc, self.folder / f"{model}.onnx",
                self.folder / f"{model}-{len(self.programs)}",
                "--batch=32", *[f"--set={setting}" for setting in settings],
            )  # fmt: skip
        return self.programs[key]

    def test_data(self):
        """The images and classes of the test split."""
        with numpy.load(self.folder / "test.npz") as test:
            return test["x"], test["y"]


STATIC = ("precision.policy=static", "precision.keep_float=[]")


def check_weights(model, trained, bits):
    """Every weight is on the grid of its width and nearest to its value."""
    tensors = training.weights(model)
    names = [name.removesuffix("_quantized") for name in tensors if name.endswith("_quantized")]
    check(names, "no weights are quantized")
    for name in names:
        half = 2 ** (bits(trained[name]) - 1)
        q = tensors[name + "_quantized"].astype(numpy.int32)
        scale, zero_point = tensors[name + "_scale"], tensors[name + "_zero_point"]
        check((zero_point == -half).all(), f"zero point of {name}: {zero_point}")
        check(-half <= q.min() and q.max() < half, f"{name} is off its grid")
        check(name not in tensors, f"{name} is there in float too")
        low = tensors[name + "_low"]
        steps = scale.reshape(low.shape)
        error = numpy.abs((q + half) * steps + low - trained[name])
        check((error <= 0.501 * steps).all(), f"{name} is not rounded to the nearest")
    return names


def compare(bench, model, settings, flags, weight_bits):
    """Trains, exports, and compares the logits by the mean squared error of
    the same network against the outputs of the exported model."""
    folder = bench.folder
    program = bench.program(model, *settings)
    target, trained = folder / "quantized.onnx", folder / "float.onnx"
    checkpoint, path = folder / "run.ckpt", folder / "run.json"
    checkpoint.unlink(missing_ok=True)
    training.train(
        program, bench.data, "--epochs=2", "--lr=0.05", "--seed=1", f"--export={trained}",
        f"--export-quantized={target}", f"--checkpoint={checkpoint}", f"--report={path}", *flags,
    )  # fmt: skip
    exported = onnx.load(str(target))
    onnx.checker.check_model(exported, full_check=True)
    check_weights(target, training.weights(trained), weight_bits)
    x, y = bench.test_data()
    logits = onnx_numpy.evaluate(exported, x)
    loss = onnx_numpy.cross_entropy(logits, y)
    reported = training.report(path)["epochs"][-1]["test_loss"]
    check(abs(loss - reported) < 1e-4 * loss, f"loss {loss}, the executable reports {reported}")

    numpy.savez(folder / "outputs.npz", x=x, y=logits)
    squares = bench.program(model, *settings, "loss.kind=mse")
    harness.run(
        [squares, "eval", f"--data=npz:{folder / 'outputs.npz'},{folder / 'outputs.npz'}",
         f"--init={checkpoint}", "--threads=2", f"--report={path}", *flags],
        env=training.PATIENT,
    )  # fmt: skip
    error = training.report(path)["test_loss"] ** 0.5 / numpy.sqrt(numpy.mean(logits**2))
    check(error < 1e-3, f"the outputs differ by {error} of their size")
    return program, checkpoint, target, error


@case
def residual_at_8_bits(bench):
    return compare(bench, "residual", STATIC[:1], [], lambda w: 8)


@case
def residual_at_4_bits(bench):
    return compare(bench, "residual", STATIC[:1], ["--set=precision.forward=4"], lambda w: 4)


@case
def residual_at_3_and_5_bits(bench):
    flags = ["--set=precision.forward=3", "--set=precision.weight=5"]
    return compare(bench, "residual", STATIC[:1], flags, lambda w: 5)


@case
def older_opsets_are_raised(bench):
    residual(bench.folder / "opset9.onnx", opset=9)
    return compare(bench, "opset9", STATIC[:1], [], lambda w: 8)


@case
def other_contractions(bench):
    depthwise = lambda w: 8 if w.ndim == 4 and w.shape[1] == 1 else 6  # noqa: E731
    return compare(bench, "mixed", STATIC, ["--set=precision.forward=6"], depthwise)


@case
def eval_of_a_checkpoint_exports_the_same(bench):
    program, checkpoint, target, _ = compare(bench, "residual", STATIC[:1], [], lambda w: 8)
    again = bench.folder / "again.onnx"
    harness.run(
        [program, "eval", f"--data={bench.data}", f"--checkpoint={checkpoint}",
         f"--export-quantized={again}"],
        env=training.PATIENT,
    )  # fmt: skip
    check(again.read_bytes() == target.read_bytes(), "the files differ")
    program = bench.program("residual", *STATIC[:1])
    process = harness.run(
        [program, "eval", f"--data={bench.data}", f"--export-quantized={bench.folder / 'no.onnx'}"],
        status=1,
    )
    check("seen no ranges" in process.stderr, process.stderr)


@case
def training_graph_is_exported_for_evaluation(bench):
    model = MODELS / "resnet8.onnx"
    program = harness.compile_model(
        bench.fracc, model, bench.folder / "resnet8", "--batch=32", "--set=precision.policy=static"
    )
    folder = bench.folder / "grey"
    folder.mkdir()
    data = training.write_npz(folder)
    target, path = bench.folder / "resnet8-q.onnx", bench.folder / "resnet8.json"
    training.train(
        program, data, "--epochs=2", "--lr=0.05", f"--export-quantized={target}", f"--report={path}"
    )
    exported = onnx.load(str(target))
    onnx.checker.check_model(exported, full_check=True)
    with numpy.load(folder / "test.npz") as test:
        loss = onnx_numpy.cross_entropy(onnx_numpy.evaluate(exported, test["x"]), test["y"])
    reported = training.report(path)["epochs"][-1]["test_loss"]
    check(abs(loss - reported) < 1e-4 * loss, f"loss {loss}, the executable reports {reported}")


def refused(bench, program, *flags, status, words):
    """A run that must fail with one line before it trains."""
    process = training.train(program, bench.data, "--iterations=1", *flags, status=status)
    text = process.stderr.strip()
    check(len(text.splitlines()) == 1 and "error: " in text, f"no error line: {text}")
    for word in words:
        check(word in text, f"'{word}' is not in: {text}")
    check(not process.stdout, f"it trained: {process.stdout}")


@case
def what_cannot_be_exported_is_said(bench):
    target = bench.folder / "refused.onnx"
    flag = f"--export-quantized={target}"
    words = ["no quantized operands", "--export"]
    refused(bench, bench.program("residual"), flag, status=2, words=words)
    wide = bench.program("residual", "precision.policy=static", "precision.forward=12")
    refused(bench, wide, flag, status=2, words=["12 bits", "precision.eval=8"])
    residual(bench.folder / "old.onnx", opset=11, softmax=True)
    old = bench.program("old", "precision.policy=static")
    refused(bench, old, flag, status=1, words=["opset 11", "opset 13 or later"])
    program = bench.program("residual", "precision.policy=static")
    nowhere = f"--export-quantized={bench.folder / 'nowhere' / 'q.onnx'}"
    refused(bench, program, nowhere, status=1, words=["nowhere"])
    check(not target.exists(), "a refused export left a file")
    # What is wide in training may be narrow in evaluation.
    training.train(wide, bench.data, "--iterations=1", flag, "--set=precision.eval=8")
    onnx.checker.check_model(onnx.load(str(target)), full_check=True)


@case
def full_disk_is_an_error(bench):
    program = bench.program("residual", "precision.policy=static")
    process = training.train(
        program, bench.data, "--iterations=1", "--export-quantized=/dev/full", status=1
    )
    check("/dev/full: error: " in process.stderr, process.stderr)


def note(result):
    """How far the outputs of a case that compared any lay apart."""
    return "" if result is None else f"outputs within {result[3]:.1e}"


if __name__ == "__main__":
    sys.exit(case.main("e2e.export_quantized", __doc__, Bench, note))
