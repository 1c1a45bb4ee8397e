#!/usr/bin/env python3
"""Modules of other front ends, quantized by the plugin and lowered by upstream
passes, give the numbers of the quantizer's definition in NumPy."""

import argparse
import pathlib
import sys

import numpy as np
import stock

INPUTS = pathlib.Path(__file__).parent / "Inputs"
f32 = np.float32


def quantize(x, bits, channels=()):
    """Numbers on the grid of their own range, of 2^bits places; `channels` are
    the dimensions that have a range for each index."""
    axes = tuple(d for d in range(x.ndim) if d not in channels)
    low, high = x.min(axes, keepdims=True), x.max(axes, keepdims=True)
    levels = f32(2 ** bits - 1)
    scale = np.maximum((high - low) / levels, f32(1e-8))
    places = np.round(np.clip((x - low) / scale, f32(0), levels))
    return places * scale + low


def conv_nhwc(x, w, strides=1):
    """x (N, H, W, I), w (O, KH, KW, I)"""
    kh, kw = w.shape[1:3]
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), (1, 2))
    windows = windows[:, ::strides, ::strides]
    return np.einsum("nhwikl,okli->nhwo", windows, w, dtype=np.float64).astype(f32)


def depthwise_nhwc(x, w, strides=1):
    """x (N, H, W, C), w (KH, KW, C, M)"""
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[:2], (1, 2))
    windows = windows[:, ::strides, ::strides]
    out = np.einsum("nhwckl,klcm->nhwcm", windows, w, dtype=np.float64)
    return out.reshape(*out.shape[:3], -1).astype(f32)


def transposed_conv_nhwc(x, w, strides):
    """x (N, H, W, I), w (O, KH, KW, I)"""
    (n, h, wide, _), (o, kh, kw, _) = x.shape, w.shape
    out = np.zeros((n, (h - 1) * strides + kh, (wide - 1) * strides + kw, o))
    for i in range(h):
        for j in range(wide):
            out[:, i * strides:i * strides + kh, j * strides:j * strides + kw] += \
                np.einsum("ni,okli->nklo", x[:, i, j], w)
    return out.astype(f32)


def pad(x, amounts):
    return np.pad(x, amounts)


def torch_mlp(p, bits, x):
    h = quantize(x, bits[0]) @ quantize(p["w1"], bits[1], (0,)).T + p["b1"]
    h = np.maximum(h, 0)
    return quantize(h, bits[2]) @ quantize(p["w2"], bits[3], (0,)).T + p["b2"]


def torch_conv(p, bits, x):
    channels_last = (0, 2, 3, 1)
    border = [(0, 0), (1, 1), (1, 1), (0, 0)]
    x = pad(quantize(x, bits[0]).transpose(channels_last), border)
    w = quantize(p["w1"], bits[1], (0,)).transpose(channels_last)
    h = np.maximum(conv_nhwc(x, w) + p["b1"], 0)
    h = h.reshape(2, 3, 2, 3, 2, 4).max((2, 4))
    # Depthwise products have 8 bits whatever the policy says.
    w = quantize(p["w2"], 8, (0,)).transpose(2, 3, 0, 1)
    h = depthwise_nhwc(pad(quantize(h, 8), border), w)
    return h.transpose(0, 3, 1, 2)


def iree_input(p, bits, x, w1, w2):
    w1 = quantize(w1, bits[1], (3,)).transpose(3, 0, 1, 2)
    h = conv_nhwc(quantize(x, bits[0]), w1).reshape(1, 9, 4)
    return quantize(h, bits[2]) @ quantize(w2, bits[3], (1,))


def tflite_tosa(p, bits, x):
    x = pad(quantize(x, bits[0]), [(0, 0), (1, 1), (1, 1), (0, 0)])
    h = np.clip(conv_nhwc(x, quantize(p["w1"], bits[1], (0,))) + p["b1"], 0, 6)
    h = pad(quantize(h, 8), [(0, 0), (0, 1), (0, 1), (0, 0)])
    h = depthwise_nhwc(h, quantize(p["w2"], 8, (2, 3)), 2) + p["b2"]
    h = quantize(h.reshape(1, 9, 8), bits[2]) @ quantize(p["w3"], bits[3], (2,))
    h = quantize(h.reshape(1, 3, 3, 4), bits[4])
    return transposed_conv_nhwc(h, quantize(p["w4"], bits[5], (0,)), 2)


def torch_transposed(p, bits, x):
    x = quantize(x, bits[0]).transpose(0, 2, 3, 1)
    w = quantize(p["w1"], bits[1], (1,)).transpose(1, 2, 3, 0)
    # One of padding on each side, one more behind the result.
    h = np.zeros((1, 8, 8, 3), f32)
    h[:, :7, :7] = transposed_conv_nhwc(x, w, 2)
    return h[:, 1:7, 1:7].transpose(0, 3, 1, 2) + p["b1"].reshape(3, 1, 1)


def torch_groups(p, bits, x):
    x = pad(quantize(x, bits[0]), [(0, 0), (0, 0), (1, 1), (1, 1)]).transpose(0, 2, 3, 1)
    w = quantize(p["w1"], bits[1], (0,)).transpose(0, 2, 3, 1)
    halves = [conv_nhwc(x[..., 2 * g:2 * g + 2], w[3 * g:3 * g + 3], 2) for g in range(2)]
    return np.concatenate(halves, -1).transpose(0, 3, 1, 2)


def torch_linear(p, bits, x):
    return quantize(x, bits[0]) @ quantize(p["w1"], bits[1], (0,)).T


def tflite_pad(p, bits, x):
    x = pad(quantize(x, bits[0]), [(0, 0), (0, 1), (0, 1), (0, 0)])
    return conv_nhwc(x, quantize(p["w1"], bits[1], (0,)), 2)


# name: oracle, shapes of the inputs, chosen widths, options
MODULES = {
    "torch-mlp": (torch_mlp, [(4, 8)], 4, ""),
    "torch-conv": (torch_conv, [(2, 3, 6, 6)], 2, ""),
    "iree-input": (iree_input, [(1, 5, 5, 2), (3, 3, 2, 4), (4, 6)], 4,
                   "weight-arguments=1,2"),
    "tflite-tosa": (tflite_tosa, [(1, 6, 6, 2)], 6, ""),
    "tflite-pad": (tflite_pad, [(1, 6, 6, 2)], 2, ""),
    "torch-transposed": (torch_transposed, [(1, 2, 3, 3)], 2, ""),
    "torch-groups": (torch_groups, [(2, 4, 5, 5)], 2, ""),
    "torch-linear": (torch_linear, [(2, 3, 8)], 2, ""),
}


def check(name, expected, results):
    error = np.abs(expected - results[0]).max() / np.abs(expected).max()
    print(f"{name}: {error:.1e}")
    # Results are printed with six digits; another place on a grid of 8 bits is
    # 4e-3 of the range.
    if not error < 2e-5:
        sys.exit(f"{name}: expected\n{expected}\nbut got\n{results[0]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    stock.add_arguments(parser)
    tools = stock.Stock(parser.parse_args())
    for name, (oracle, shapes, count, options) in MODULES.items():
        text, weights = stock.fill(INPUTS / f"{name}.mlir")
        random = np.random.default_rng(1)
        inputs = [random.standard_normal(shape).astype(f32) for shape in shapes]

        table = np.array([8, 3, 4, 5, 7, 2][:count], np.int32)
        expected = oracle(weights, table, *inputs)
        module = tools.opt(text, f"frac-insert-quantize{{{options}}},"
                                 "frac-lower-quantize{all}")
        check(f"{name}, widths from an argument", expected,
              tools.execute(module, [[*inputs, table]]))

        expected = oracle(weights, [8] * count, *inputs)
        module = tools.opt(text, f"frac-insert-quantize{{{options} table=global}},"
                                 "frac-lower-quantize{all}")
        check(f"{name}, widths from a global", expected,
              tools.execute(module, [inputs]))

        expected = oracle(weights, [4, 6] * (count // 2), *inputs)
        insert = f"frac-insert-quantize{{{options} activation-bits=4 weight-bits=6}}"
        for lower in ("all", "quant-types"):
            module = tools.opt(text, f"{insert},frac-lower-quantize{{{lower}}}")
            check(f"{name}, constant widths, {lower}", expected,
                  tools.execute(module, [inputs]))


if __name__ == "__main__":
    main()
