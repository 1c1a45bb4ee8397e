# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cases of the gradient oracle and what PyTorch says about them.

A case is a network with parameters, a batch and a loss. Each has two sides: an
ONNX file for the compiler and a PyTorch function for the reference. The file
is either exported from a PyTorch module or, for attributes that PyTorch never
exports, written node by node beside a formula.
"""

import threading
import warnings
import zlib
from dataclasses import dataclass, field
from typing import Callable

import numpy
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper
from torch import nn


# PyTorch's exporter and its random numbers are global: one case at a time.
LOCK = threading.Lock()


@dataclass
class Case:
    """One comparison.

    `required` says that the compiler must support it; elsewhere it may refuse.
    `batch` is the number of samples, `planned` the batch compiled for.
    """

    name: str
    write: Callable  # path -> None: makes the ONNX file
    module: Callable  # -> (torch function of x, {initializer name: tensor})
    x: numpy.ndarray
    loss: str = "mse"
    classes: int = 0
    required: bool = False
    planned: int = 0
    tolerance: float = 1e-4
    differences: bool = True  # whether finite differences make sense here
    forward: bool = True  # whether `fracc run` must agree with the training forward

    def generator(self):
        """The same random numbers for a case wherever it is in the table."""
        return numpy.random.default_rng(zlib.crc32(self.name.encode()))

    def target(self, output):
        """A target for an output of this shape."""
        generator = self.generator()
        if self.loss in ("softmax-cross-entropy", "nll"):
            return generator.integers(0, self.classes, len(self.x)).astype(numpy.int64)
        if self.loss == "bce-with-logits":
            return generator.integers(0, 2, output.shape).astype(numpy.float32)
        return generator.standard_normal(output.shape).astype(numpy.float32)


def loss_of(kind, output, target):
    """The losses of a recipe, all of them means."""
    if kind == "softmax-cross-entropy":
        return F.cross_entropy(output, target)
    if kind == "nll":
        return F.nll_loss(output, target)
    if kind == "bce-with-logits":
        return F.binary_cross_entropy_with_logits(output, target)
    return F.mse_loss(output, target)


def reference(case, target=None, dtype=torch.float32):
    """(output, target, loss, {name: gradient}) from PyTorch in `dtype`."""
    function, parameters = case.module()
    leaves = {}
    for name, tensor in parameters.items():
        tensor.data = tensor.data.to(dtype)
        tensor.requires_grad_(True)
        leaves[name] = tensor
    if isinstance(function, nn.Module):
        function.to(dtype)
        function.train()
    x = torch.from_numpy(case.x)
    if x.is_floating_point():
        x = x.to(dtype)
    output = function(x)
    if target is None:
        target = case.target(output)
    goal = torch.from_numpy(target)
    if goal.is_floating_point():
        goal = goal.to(dtype)
    loss = loss_of(case.loss, output, goal)
    loss.backward()
    gradients = {
        name: (torch.zeros_like(leaf) if leaf.grad is None else leaf.grad).numpy()
        for name, leaf in leaves.items()
    }
    return output.detach().numpy(), target, loss.item(), gradients


# ---- Exported modules -------------------------------------------------------


class Probe(nn.Module):
    """Puts parameters before an operator, so that the gradient of its input
    shows in theirs, and flattens what comes out."""

    def __init__(self, inner, shape, exact=False):
        super().__init__()
        scale = torch.ones(shape) if exact else 0.5 + torch.rand(shape)
        shift = torch.zeros(shape) if exact else 0.3 * torch.randn(shape)
        self.scale = nn.Parameter(scale)
        self.shift = nn.Parameter(shift)
        self.inner = inner

    def forward(self, x):
        y = self.inner(x * self.scale + self.shift)
        return torch.flatten(y, 1) if y.dim() > 2 else y


class Lambda(nn.Module):
    """A function as a module."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def export(module, x, path, opset=14):
    """Exports in training mode with a dynamic batch and nothing folded."""
    module.train()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, torch.from_numpy(x), str(path),
            training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False,
            opset_version=opset, input_names=["x"], output_names=["out"],
            dynamic_axes={"x": {0: "batch"}, "out": {0: "batch"}},
        )  # fmt: skip


def seeded(name, make):
    """`make()` with the random numbers of a case."""
    torch.manual_seed(zlib.crc32(name.encode()))
    return make()


def exported(name, make, x, opset=14, **options):
    """A case whose ONNX file PyTorch exports from the module `make()`."""

    def build():
        model = seeded(name, make)
        return model, dict(model.named_parameters())

    def write(path):
        export(build()[0], x, path, opset)

    return Case(name, write, build, x, **options)


def random_x(name, shape, batch):
    """Standard normal input of a case."""
    generator = numpy.random.default_rng(zlib.crc32(b"x" + name.encode()))
    return generator.standard_normal((batch, *shape)).astype(numpy.float32)


def integer_x(name, shape, batch, low=-3, high=4):
    """Small whole numbers: many ties, many values exactly at a kink."""
    generator = numpy.random.default_rng(zlib.crc32(b"i" + name.encode()))
    return generator.integers(low, high, (batch, *shape)).astype(numpy.float32)


def probe(name, shape, inner, batch=4, exact=False, x=None, **options):
    """An exported case around one operator: `inner` makes a module or is a
    function. With `exact` the operator sees whole numbers."""
    if x is None:
        x = (integer_x if exact else random_x)(name, shape, batch)

    def make():
        made = inner()
        return Probe(made if isinstance(made, nn.Module) else Lambda(made), shape, exact)

    return exported(name, make, x, **options)


# ---- Files written node by node ---------------------------------------------


@dataclass
class Graph:
    """The ONNX side of a written case. Every node is (operator, inputs,
    outputs, attributes); the input of the operator is "z", the output "y"."""

    nodes: list
    parameters: dict = field(default_factory=dict)
    constants: dict = field(default_factory=dict)
    statistics: dict = field(default_factory=dict)  # initializers without a gradient


def written(name, shape, graph, formula, batch=4, opset=13, exact=False, x=None, **options):
    """A case whose file is written node by node: `graph()` gives a Graph, and
    `formula(z, parameters)` is the same in PyTorch."""
    if x is None:
        x = (integer_x if exact else random_x)(name, shape, batch)
    generator = numpy.random.default_rng(zlib.crc32(b"w" + name.encode()))
    scale = numpy.ones(shape) if exact else generator.uniform(0.5, 1.5, shape)
    shift = numpy.zeros(shape) if exact else 0.3 * generator.standard_normal(shape)
    made = graph(generator) if callable(graph) else graph
    parameters = {
        "scale": scale.astype(numpy.float32), "shift": shift.astype(numpy.float32),
        **{key: numpy.asarray(v, numpy.float32) for key, v in made.parameters.items()},
    }  # fmt: skip

    def build():
        leaves = {key: torch.from_numpy(value.copy()) for key, value in parameters.items()}

        def function(x):
            z = x * leaves["scale"] + leaves["shift"]
            y = formula(z, leaves)
            return torch.flatten(y, 1)

        return function, leaves

    def write(path):
        nodes = [
            helper.make_node("Mul", ["x", "scale"], ["scaled"], name="scale_node"),
            helper.make_node("Add", ["scaled", "shift"], ["z"], name="shift_node"),
        ]
        for key, value in made.constants.items():
            nodes.append(
                helper.make_node(
                    "Constant", [], [key], value=numpy_helper.from_array(numpy.asarray(value))
                )
            )
        for index, (kind, inputs, outputs, attributes) in enumerate(made.nodes):
            nodes.append(
                helper.make_node(kind, inputs, outputs, name=f"{kind}_{index}", **attributes)
            )
        nodes.append(helper.make_node("Flatten", ["y"], ["out"], axis=1, name="flatten_node"))
        proto = helper.make_graph(
            nodes, name,
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", *shape])],
            [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["batch", None])],
            [
                numpy_helper.from_array(numpy.asarray(value, numpy.float32), key)
                for key, value in [*parameters.items(), *made.statistics.items()]
            ],
        )  # fmt: skip
        model = helper.make_model(
            proto, opset_imports=[helper.make_opsetid("", opset)], ir_version=7
        )
        onnx.checker.check_model(model)
        onnx.save(model, str(path))

    return Case(name, write, build, x, **options)


def normal(generator, *shape):
    """Weights of a written case."""
    return 0.5 * generator.standard_normal(shape)


def ints(*values):
    """A constant of whole numbers."""
    return numpy.array(values, numpy.int64)


def number(value):
    """A scalar constant."""
    return numpy.float32(value)


def patch(source, destination, values):
    """Copies a model with the initializers of `values` replaced."""
    model = onnx.load(str(source))
    for initializer in model.graph.initializer:
        if initializer.name in values:
            array = values[initializer.name].astype(numpy.float32)
            initializer.CopyFrom(numpy_helper.from_array(array, initializer.name))
    onnx.save(model, str(destination))
