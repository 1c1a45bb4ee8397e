# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Evaluates an ONNX graph with NumPy, for the operators that exports of the
tests have. What quantizes is computed in float32, as ONNX defines it; products
are summed in float64."""

import itertools

import numpy
from onnx import helper, numpy_helper


def attributes(node):
    """The attributes of a node by name."""
    return {item.name: helper.get_attribute_value(item) for item in node.attribute}


def along(vector, rank, axis):
    """A vector of one number an index of `axis`, to be broadcast; a scalar as
    it is."""
    if vector.ndim == 0:
        return vector
    return vector.reshape([-1 if i == axis else 1 for i in range(rank)])


def dequantize_linear(x, scale, zero_point, axis=1):
    """DequantizeLinear: the difference is exact, the product rounded once."""
    difference = x.astype(numpy.int32) - along(zero_point, x.ndim, axis).astype(numpy.int32)
    return difference.astype(numpy.float32) * along(scale, x.ndim, axis)


def quantize_linear(x, scale, zero_point, axis=1):
    """QuantizeLinear: to the nearest, ties to even, saturated."""
    zero_point = along(zero_point, x.ndim, axis)
    limits = numpy.iinfo(zero_point.dtype)
    places = numpy.rint(x / along(scale, x.ndim, axis)) + zero_point
    return numpy.clip(places, limits.min, limits.max).astype(zero_point.dtype)


def taps(kernel, output, strides, dilations):
    """Every place of a kernel, with the pixels of the padded image there."""
    for place in itertools.product(*[range(extent) for extent in kernel]):
        yield place, tuple(
            slice(k * d, k * d + s * (o - 1) + 1, s)
            for k, d, s, o in zip(place, dilations, strides, output)
        )


def conv(x, w, bias=None, group=1, strides=None, dilations=None, pads=None, **_):
    """Conv."""
    rank = x.ndim - 2
    strides, dilations = strides or [1] * rank, dilations or [1] * rank
    pads = pads or [0] * (2 * rank)
    x = numpy.pad(x.astype(numpy.float64), [(0, 0), (0, 0), *zip(pads[:rank], pads[rank:])])
    kernel = w.shape[2:]
    output = [
        (e - d * (k - 1) - 1) // s + 1
        for e, k, s, d in zip(x.shape[2:], kernel, strides, dilations)
    ]
    x = x.reshape(x.shape[0], group, -1, *x.shape[2:])
    w = w.astype(numpy.float64).reshape(group, -1, *w.shape[1:])
    y = 0
    for place, pixels in taps(kernel, output, strides, dilations):
        part = w[(slice(None),) * 3 + place]
        y = y + numpy.einsum("ngc...,goc->ngo...", x[(slice(None),) * 3 + pixels], part)
    y = y.reshape(y.shape[0], -1, *output).astype(numpy.float32)
    return y if bias is None else y + along(bias, y.ndim, 1)


def conv_transpose(x, w, bias=None, group=1, strides=None, pads=None, **_):
    """ConvTranspose without dilation."""
    rank = x.ndim - 2
    strides, pads = strides or [1] * rank, pads or [0] * (2 * rank)
    kernel = w.shape[2:]
    full = [s * (e - 1) + k for e, s, k in zip(x.shape[2:], strides, kernel)]
    x5 = x.astype(numpy.float64).reshape(x.shape[0], group, -1, *x.shape[2:])
    w5 = w.astype(numpy.float64).reshape(group, -1, *w.shape[1:])
    y = numpy.zeros((x.shape[0], group, w.shape[1], *full))
    for place, pixels in taps(kernel, x.shape[2:], strides, [1] * rank):
        part = w5[(slice(None),) * 3 + place]
        y[(slice(None),) * 3 + pixels] += numpy.einsum("ngc...,gco->ngo...", x5, part)
    y = y.reshape(x.shape[0], -1, *full)
    inner = tuple(slice(b, f - e) for b, e, f in zip(pads[:rank], pads[rank:], full))
    y = y[(slice(None), slice(None)) + inner].astype(numpy.float32)
    return y if bias is None else y + along(bias, y.ndim, 1)


def matmul(a, b):
    """MatMul."""
    return numpy.matmul(a.astype(numpy.float64), b.astype(numpy.float64)).astype(numpy.float32)


def gemm(a, b, c=None, alpha=1.0, beta=1.0, transA=0, transB=0):
    """Gemm."""
    y = numpy.float32(alpha) * matmul(a.T if transA else a, b.T if transB else b)
    return y if c is None else y + numpy.float32(beta) * c


def batch_normalization(x, scale, bias, mean, variance, epsilon=1e-5, **_):
    """BatchNormalization by its running statistics."""
    factor = scale / numpy.sqrt(variance + numpy.float32(epsilon))
    return (x - along(mean, x.ndim, 1)) * along(factor, x.ndim, 1) + along(bias, x.ndim, 1)


OPERATORS = {
    "Add": numpy.add,
    "BatchNormalization": batch_normalization,
    "Clip": lambda x, low, high: numpy.clip(x, low, high),
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "DequantizeLinear": dequantize_linear,
    "Dropout": lambda x: x,
    "Flatten": lambda x, axis=1: x.reshape(int(numpy.prod(x.shape[:axis])), -1),
    "Gemm": gemm,
    "GlobalAveragePool": lambda x: x.mean(tuple(range(2, x.ndim)), keepdims=True),
    "Identity": lambda x: x,
    "MatMul": matmul,
    "QuantizeLinear": quantize_linear,
    "Relu": lambda x: numpy.maximum(x, 0),
    "Sub": numpy.subtract,
    "Transpose": lambda x, perm=None: numpy.transpose(x, perm),
}


def evaluate(model, x):
    """The first output of a model with one input."""
    values = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    (name,) = [item.name for item in model.graph.input if item.name not in values]
    values[name] = x
    for node in model.graph.node:
        arguments = [values[item] for item in node.input if item]
        result = OPERATORS[node.op_type](*arguments, **attributes(node))
        values[node.output[0]] = numpy.asarray(result)
    return values[model.graph.output[0].name]


def cross_entropy(logits, labels):
    """The mean loss, in float64."""
    logits = logits.astype(numpy.float64)
    logits = logits - logits.max(1, keepdims=True)
    losses = numpy.log(numpy.exp(logits).sum(1)) - logits[numpy.arange(len(labels)), labels]
    return losses.mean()
