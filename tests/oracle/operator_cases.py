# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One operator a case: every combination of attributes that has its own rule."""

import numpy
import torch
import torch.nn.functional as F
from torch import nn

import spatial_cases
from reference import Graph, exported, ints, normal, number, probe, random_x, written

INT64_MAX = numpy.iinfo(numpy.int64).max


def activations():
    """Elementwise functions of one argument, and their kinks."""
    positive = abs(random_x("positive", (3, 5, 4), 4)) + 0.5
    for name, function, required in [
        ("relu", torch.relu, True), ("relu6", F.relu6, True), ("sigmoid", torch.sigmoid, False),
        ("tanh", torch.tanh, True), ("gelu", F.gelu, True),
        ("gelu-tanh", lambda z: F.gelu(z, approximate="tanh"), False),
        ("silu", F.silu, False), ("hardswish", F.hardswish, False),
        ("hardsigmoid", F.hardsigmoid, False),
        ("leaky-relu", lambda z: F.leaky_relu(z, 0.1), False),
        ("elu", lambda z: F.elu(z, 0.7), False), ("celu", lambda z: F.celu(z, 0.7), False),
        ("selu", F.selu, False), ("softplus", F.softplus, False), ("softsign", F.softsign, False),
        ("mish", F.mish, False), ("exp", torch.exp, False), ("erf", torch.erf, True),
        ("neg", torch.neg, False), ("abs", torch.abs, False), ("sin", torch.sin, False),
        ("cos", torch.cos, False), ("atan", torch.atan, False),
        ("square", lambda z: z**2, False), ("cube", lambda z: z**3, False),
        ("clip", lambda z: torch.clamp(z, -0.5, 0.8), True),
        ("clip-min", lambda z: torch.clamp(z, min=-0.5), True),
        ("clip-max", lambda z: torch.clamp(z, max=0.8), True),
        ("logsigmoid", F.logsigmoid, False),
        ("threshold-where", lambda z: torch.where(z > 0.2, z, 0.1 * z), False),
        ("floor-has-no-gradient", lambda z: z + torch.floor(z), False),
    ]:  # fmt: skip
        yield probe(name, (3, 5, 4), lambda function=function: function, required=required)
    for name, function in [
        ("sqrt", torch.sqrt), ("log", torch.log), ("reciprocal", torch.reciprocal),
        ("rsqrt", torch.rsqrt), ("pow-1.5", lambda z: z**1.5), ("pow-minus-2", lambda z: z**-2.0),
    ]:  # fmt: skip
        yield probe(
            name, (3, 5, 4), lambda function=function: Lambda_abs(function), x=positive
        )
    # Whole numbers put values exactly on the kinks. PyTorch's clamp (derivative
    # 1 at the bounds) and ReLU6 (0 there) are the same Clip in ONNX, and are
    # told apart by the bounds.
    for name, function, required in [
        ("relu-at-zero", torch.relu, True),
        ("relu6-at-bounds", lambda z: F.relu6(z * 2), True),
        ("clip-at-bounds", lambda z: torch.clamp(z, -1.0, 2.0), True),
        ("clip-min-at-bound", lambda z: torch.clamp(z, min=-1.0), True),
        ("leaky-relu-at-zero", lambda z: F.leaky_relu(z, 0.1), False),
        ("elu-at-zero", F.elu, False),
        ("abs-at-zero", torch.abs, False),
        ("hardsigmoid-at-kinks", F.hardsigmoid, False),
    ]:
        yield probe(
            name, (3, 5, 4), lambda function=function: function, exact=True, required=required,
            differences=False,
        )  # fmt: skip
    yield probe("prelu", (3, 5, 4), lambda: nn.PReLU(3), batch=4)
    yield probe("prelu-one", (3, 5, 4), lambda: nn.PReLU())
    yield written(
        "clip-attributes-opset6", (3, 4, 4),
        Graph([("Clip", ["z"], ["y"], dict(min=-0.3, max=0.6))]),
        lambda z, p: torch.clamp(z, -0.3, 0.6), opset=9, required=True,
    )  # fmt: skip
    yield written(
        "clip-without-min", (3, 4, 4),
        Graph([("Clip", ["z", "", "top"], ["y"], {})], constants={"top": number(0.4)}),
        lambda z, p: torch.clamp(z, max=0.4), required=True,
    )  # fmt: skip


def Lambda_abs(function):
    """`function` where its argument stays away from 0 whatever the scale."""
    return lambda z: function(z * z + 0.5)


class Pair(nn.Module):
    """A binary function of the input and of a parameter."""

    def __init__(self, function, shape, positive):
        super().__init__()
        value = torch.randn(shape)
        self.other = nn.Parameter(value.abs() + 0.5 if positive else value)
        self.function = function

    def forward(self, x):
        return self.function(x, self.other)


class MatMulLeft(nn.Module):
    """A parameter on the left of a matrix product."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(4, 5))

    def forward(self, x):
        return self.weight @ x


def binary():
    """Arithmetic with every way of broadcasting, and matrix products."""
    functions = {
        "add": (torch.add, True), "sub": (torch.sub, False), "mul": (torch.mul, True),
        "div": (torch.div, False),
    }  # fmt: skip
    shapes = {
        "same": (4, 3, 5, 6), "scalar": (), "channel": (3, 1, 1), "row": (6,),
        "middle": (1, 1, 5, 1), "rank": (5, 6), "mixed": (1, 3, 1, 6),
    }  # fmt: skip
    for operation, (function, required) in functions.items():
        for name, shape in shapes.items():
            if name == "same":
                continue
            yield probe(
                f"{operation}-broadcast-{name}", (3, 5, 6),
                lambda f=function, s=shape: Pair(f, s, f is torch.div), required=required,
            )  # fmt: skip
        yield probe(
            f"{operation}-grow", (1, 5, 1),
            lambda f=function: Pair(f, (3, 1, 6), f is torch.div), required=required,
        )  # fmt: skip
        yield probe(
            f"{operation}-reversed", (3, 5, 6),
            lambda f=function: Pair(lambda a, b: f(b, a * a + 1), (5, 1), False),
            required=required,
        )  # fmt: skip
        yield probe(
            f"{operation}-itself", (3, 4), lambda f=function: (lambda z: f(z, z * z + 1)),
        )  # fmt: skip
    yield probe("add-same-twice", (3, 4), lambda: (lambda z: z + z), required=True)
    yield probe("mul-same-twice", (3, 4), lambda: (lambda z: z * z), required=True)
    for name, function in [("max", torch.maximum), ("min", torch.minimum)]:
        yield probe(f"{name}-two", (3, 5), lambda f=function: Pair(f, (3, 5), False))
    for name, left, right in [
        ("matmul", (4, 5), (5, 6)), ("matmul-batched", (2, 4, 5), (2, 5, 3)),
        ("matmul-broadcast-right", (2, 4, 5), (5, 3)),
    ]:  # fmt: skip
        yield probe(
            name, left, lambda s=right: Pair(torch.matmul, s, False), required=True
        )
    yield probe("matmul-broadcast-left", (5, 3), MatMulLeft, required=True)
    yield probe("matmul-vector", (4, 5), lambda: Pair(torch.matmul, (5,), False))
    yield probe("matmul-itself", (4, 5), lambda: (lambda z: z @ z.transpose(1, 2)))
    yield probe("linear", (7,), lambda: nn.Linear(7, 5), required=True)
    yield probe("linear-no-bias", (7,), lambda: nn.Linear(7, 5, bias=False), required=True)
    yield probe("linear-3d", (3, 7), lambda: nn.Linear(7, 5), required=True)

    def gemm(name, transpose_b, alpha, beta, bias):
        weight = (5, 7) if transpose_b else (7, 5)
        inputs = ["z", "w"] + ([] if bias is None else ["b"])
        attributes = dict(transB=int(transpose_b), alpha=alpha, beta=beta)

        def graph(g):
            parameters = {"w": normal(g, *weight)}
            if bias is not None:
                parameters["b"] = normal(g, *bias)
            return Graph([("Gemm", inputs, ["y"], attributes)], parameters)

        def formula(z, p):
            w = p["w"].T if transpose_b else p["w"]
            return alpha * (z @ w) + (beta * p["b"] if bias is not None else 0)

        return written("gemm-" + name, (7,), graph, formula, required=True)

    yield gemm("plain", False, 1.0, 1.0, (5,))
    yield gemm("transposed", True, 1.0, 1.0, (5,))
    yield gemm("scaled", False, 0.5, 2.0, (5,))
    yield gemm("scaled-transposed", True, 1.5, 0.25, (1, 5))
    yield gemm("scalar-bias", False, 1.0, 1.0, ())
    yield gemm("column-bias", False, 1.0, 1.0, (1, 1))
    yield gemm("no-bias", True, 2.0, 1.0, None)
    yield written(
        "gemm-transposed-a", (7,),
        lambda g: Graph(
            [("Transpose", ["z"], ["zt"], dict(perm=[1, 0])),
             ("Gemm", ["zt", "w", "b"], ["y"], dict(transA=1))],
            {"w": normal(g, 7, 5), "b": normal(g, 5)},
        ),
        lambda z, p: z @ p["w"] + p["b"], required=True,
    )  # fmt: skip
    yield written(
        "sum-three", (3, 4),
        lambda g: Graph([("Sum", ["z", "a", "b", "z"], ["y"], {})],
                        {"a": normal(g, 3, 4), "b": normal(g, 4)}),
        lambda z, p: 2 * z + p["a"] + p["b"], required=True,
    )  # fmt: skip
    yield written(
        "sum-one", (3, 4), Graph([("Sum", ["z"], ["y"], {})]), lambda z, p: z, required=True
    )
    yield written(
        "identity", (3, 4),
        Graph([("Identity", ["z"], ["i"], {}), ("Add", ["i", "z"], ["y"], {})]),
        lambda z, p: 2 * z, required=True,
    )  # fmt: skip
    yield written(
        "mean-three", (3, 4),
        lambda g: Graph([("Mean", ["z", "a", "b"], ["y"], {})],
                        {"a": normal(g, 3, 4), "b": normal(g, 4)}),
        lambda z, p: (z + p["a"] + p["b"]) / 3,
    )  # fmt: skip
    for kind, function in [("Max", torch.maximum), ("Min", torch.minimum)]:
        yield written(
            kind.lower() + "-three", (3, 4),
            lambda g, kind=kind: Graph([(kind, ["z", "a", "b"], ["y"], {})],
                                       {"a": normal(g, 3, 4), "b": normal(g, 4)}),
            lambda z, p, f=function: f(f(z, p["a"]), p["b"]),
        )  # fmt: skip


def reductions():
    """Softmax and reductions over each axis."""
    for axis in (1, 2, -1):
        yield probe(f"softmax-axis{axis}", (3, 5, 4), lambda a=axis: nn.Softmax(a), required=True)
        yield probe(f"log-softmax-axis{axis}", (3, 5, 4), lambda a=axis: nn.LogSoftmax(a))
    yield written(
        "softmax-opset11", (3, 4), Graph([("Softmax", ["z"], ["y"], dict(axis=1))]),
        lambda z, p: torch.softmax(z.flatten(1), 1).reshape(z.shape), opset=11, required=True,
    )  # fmt: skip
    for name, axes, keep in [
        ("last", (-1,), False), ("spatial", (2, 3), False), ("spatial-keep", (2, 3), True),
        ("channel", (1,), True), ("all-but-batch", (1, 2, 3), False),
    ]:  # fmt: skip
        yield probe(
            "reduce-mean-" + name, (3, 4, 5), lambda a=axes, k=keep: (lambda z: z.mean(a, k))
        )
        yield probe(
            "reduce-sum-" + name, (3, 4, 5), lambda a=axes, k=keep: (lambda z: z.sum(a, k))
        )
    yield written(
        "reduce-mean-scales-parameter", (3, 4),
        lambda g: Graph(
            [("ReduceMean", ["w"], ["m"], dict(keepdims=0)), ("Mul", ["z", "m"], ["y"], {})],
            {"w": normal(g, 3, 5) + 1},
        ),
        lambda z, p: z * p["w"].mean(),
    )  # fmt: skip
    for kind, function in [
        ("ReduceMax", lambda z: z.amax(2)), ("ReduceMin", lambda z: z.amin(2)),
        ("ReduceL2", lambda z: z.norm(dim=2)), ("ReduceLogSumExp", lambda z: z.logsumexp(2)),
        ("ReduceSumSquare", lambda z: (z * z).sum(2)), ("ReduceL1", lambda z: z.abs().sum(2)),
    ]:  # fmt: skip
        yield written(
            kind.lower(), (3, 5), Graph([(kind, ["z"], ["y"], dict(axes=[2], keepdims=0))]),
            lambda z, p, f=function: f(z),
        )  # fmt: skip
    yield probe("cumsum", (3, 5), lambda: (lambda z: z.cumsum(2)))
    yield probe(
        "std-composite", (3, 5),
        lambda: (lambda z: z / (z.var(2, unbiased=False, keepdim=True) + 1e-5).sqrt()),
    )  # fmt: skip


def normalizations():
    """Batch, layer, instance and group normalization."""
    options = dict(required=True, forward=False)
    yield probe("batchnorm2d", (4, 5, 5), lambda: nn.BatchNorm2d(4), batch=6, **options)
    yield probe("batchnorm2d-eps", (4, 3, 3), lambda: nn.BatchNorm2d(4, 0.1), batch=6, **options)
    yield probe("batchnorm1d", (6,), lambda: nn.BatchNorm1d(6), batch=8, **options)
    yield probe("batchnorm1d-3d", (4, 7), lambda: nn.BatchNorm1d(4), batch=5, forward=False)
    yield probe("batchnorm3d", (3, 2, 4, 3), lambda: nn.BatchNorm3d(3), forward=False)
    yield probe(
        "batchnorm-offset-mean", (3, 6, 6), lambda: nn.BatchNorm2d(3), forward=False,
        required=True, x=20 + random_x("offset", (3, 6, 6), 4),
        # float32 itself loses digits here: the mean is 20 times the deviation
        tolerance=1e-3,
    )  # fmt: skip
    yield probe(
        "batchnorm-relu-add", (4, 6, 6), lambda: Residual(), batch=5, **options
    )
    yield probe("layernorm", (5, 6), lambda: nn.LayerNorm(6))
    yield probe("layernorm-two-axes", (3, 5, 6), lambda: nn.LayerNorm([5, 6]))
    yield probe("layernorm-opset17", (5, 6), lambda: nn.LayerNorm(6), opset=16)
    yield probe("groupnorm", (6, 4, 4), lambda: nn.GroupNorm(3, 6))
    yield probe("instancenorm", (3, 5, 5), lambda: nn.InstanceNorm2d(3, affine=True))
    yield written(
        "batchnorm-training-opset15", (3, 4, 4),
        lambda g: Graph(
            [("BatchNormalization", ["z", "g", "b", "mean", "var"], ["y", "m1", "v1"],
              dict(training_mode=1, epsilon=1e-3))],
            {"g": normal(g, 3) + 1, "b": normal(g, 3)},
            statistics={"mean": numpy.zeros(3), "var": numpy.ones(3)},
        ),
        lambda z, p: F.batch_norm(z, None, None, p["g"], p["b"], True, 0.1, 1e-3),
        opset=15, **options,
    )  # fmt: skip


class Residual(nn.Module):
    """Normalization, addition and ReLU, as blocks of residual networks end."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(4)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)) + x)


def shapes():
    """Operators that move values about."""
    for name, function, required in [
        ("flatten", lambda z: z.flatten(1), True),
        ("reshape", lambda z: z.reshape(-1, 5, 12), True),
        ("reshape-split-channels", lambda z: z.reshape(z.shape[0], 2, 2, 5, 3), True),
        ("transpose", lambda z: z.permute(0, 3, 1, 2), False),
        ("transpose-two", lambda z: z.transpose(1, 2), False),
        ("concat-itself", lambda z: torch.cat([z, z * 2, z], 1), False),
        ("concat-last", lambda z: torch.cat([z, z[..., :1]], -1), False),
        ("split", lambda z: torch.cat(tuple(reversed(z.split(2, 1))), 1), False),
        ("split-uneven", lambda z: torch.cat(tuple(reversed(z.split([1, 4], 2))), 2), False),
        ("chunk-unused", lambda z: z.chunk(2, 1)[1], False),
        ("slice", lambda z: z[:, 1:3, :, 1:], False),
        ("slice-step", lambda z: z[:, ::2, 1::2], False),
        ("slice-overlap", lambda z: z[:, :3] * z[:, 1:], False),
        ("select", lambda z: z[:, 2], False),
        ("pad", lambda z: F.pad(z, (1, 2, 0, 1)), False),
        ("pad-value", lambda z: F.pad(z, (1, 1), value=2.0), False),
        ("pad-negative", lambda z: F.pad(z, (-1, 0, 1, -2)), False),
        ("pad-reflect", lambda z: F.pad(z, (1, 1, 2, 1), mode="reflect"), False),
        ("pad-edge", lambda z: F.pad(z, (1, 1, 2, 1), mode="replicate"), False),
        ("squeeze-unsqueeze", lambda z: z.unsqueeze(2).sigmoid().squeeze(2), False),
        ("expand", lambda z: z[:, :, :1].expand(-1, -1, 4, -1), False),
        ("tile", lambda z: z.repeat(1, 2, 1, 3), False),
        ("pixel-shuffle", lambda z: F.pixel_shuffle(z, 2), False),
        ("upsample-nearest", lambda z: F.interpolate(z, scale_factor=2), False),
        ("upsample-bilinear", lambda z: F.interpolate(z, scale_factor=2, mode="bilinear"), False),
        ("gather-channels", lambda z: z[:, [2, 0, 2, 3]], False),
        ("stack", lambda z: torch.stack([z, -z], 1), False),
        ("triu", lambda z: torch.triu(z), False),
        ("masked-fill", lambda z: z.masked_fill(z > 0.5, -2.0), False),
        ("cast-mask", lambda z: z * (z > 0).float(), False),
        ("detach-like-argmax", lambda z: z + z.argmax(1, keepdim=True).float(), False),
    ]:  # fmt: skip
        yield probe(name, (4, 5, 3), lambda f=function: f, required=required)
    yield written(
        "gather-rows", (4,),
        lambda g: Graph(
            [("Gather", ["table", "rows"], ["w"], dict(axis=0)),
             ("MatMul", ["z", "w"], ["y"], {})],
            {"table": normal(g, 7, 3)}, {"rows": ints(1, 5, 1, -1)},
        ),
        lambda z, p: z @ p["table"][[1, 5, 1, 6]],
    )  # fmt: skip
    yield written(
        "concat-parameter", (4,),
        lambda g: Graph(
            [("Concat", ["a", "b"], ["w"], dict(axis=1)), ("MatMul", ["z", "w"], ["y"], {})],
            {"a": normal(g, 4, 2), "b": normal(g, 4, 3)},
        ),
        lambda z, p: z @ torch.cat([p["a"], p["b"]], 1),
    )  # fmt: skip
    yield written(
        "slice-negative-step", (6,),
        Graph([("Slice", ["z", "from", "to", "axis", "step"], ["y"], {})],
              constants={"from": ints(-1), "to": ints(-INT64_MAX),
                         "axis": ints(1), "step": ints(-2)}),
        lambda z, p: z.flip(1)[:, ::2],
    )  # fmt: skip
    yield written(
        "reshape-zero-copies", (4, 6),
        Graph([("Reshape", ["z", "shape"], ["y"], {})], constants={"shape": ints(0, 2, -1, 3)}),
        lambda z, p: z.reshape(z.shape[0], 2, 4, 3), required=True,
    )  # fmt: skip
    yield written(
        "dropout-inference-opset7", (4, 6), Graph([("Dropout", ["z"], ["y"], dict(ratio=0.0))]),
        lambda z, p: z, opset=7, required=True,
    )  # fmt: skip


def losses():
    """The losses of a recipe on a small perceptron."""
    make = lambda: nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 4))
    x = random_x("losses", (6,), 5)
    yield exported(
        "loss-cross-entropy", make, x, loss="softmax-cross-entropy", classes=4, required=True
    )
    yield exported("loss-mse", make, x, loss="mse", required=True)
    yield exported("loss-bce-with-logits", make, x, loss="bce-with-logits", required=True)
    yield exported(
        "loss-nll", lambda: nn.Sequential(*make(), nn.LogSoftmax(1)), x, loss="nll", classes=4,
    )  # fmt: skip
    yield exported(
        "loss-cross-entropy-large-logits",
        lambda: nn.Sequential(nn.Linear(6, 4), Scale(60.0)), x, loss="softmax-cross-entropy",
        classes=4, required=True, differences=False,
    )  # fmt: skip
    yield exported(
        "loss-short-batch", make, x, loss="softmax-cross-entropy", classes=4, planned=16,
        required=True,
    )  # fmt: skip
    yield exported(
        "loss-one-sample", make, x[:1], loss="softmax-cross-entropy", classes=4, planned=4,
        required=True,
    )  # fmt: skip


class Scale(nn.Module):
    """Multiplies by a number."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return x * self.factor


def cases():
    """All operators."""
    return [
        *losses(), *spatial_cases.cases(), *activations(), *binary(), *reductions(),
        *normalizations(), *shapes(),
    ]  # fmt: skip
