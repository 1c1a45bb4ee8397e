# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Convolutions and pools: every combination of attributes that has its own rule."""

import torch
import torch.nn.functional as F
from torch import nn

from reference import Graph, normal, probe, random_x, written


def convolutions():
    """Conv in one to three dimensions, and everything that changes its shape."""
    settings = {
        "1x1": ((3, 6, 6), dict(out_channels=5, kernel_size=1)),
        "3x3": ((3, 8, 8), dict(out_channels=4, kernel_size=3, padding=1)),
        "3x3-no-bias": ((3, 8, 8), dict(out_channels=4, kernel_size=3, padding=1, bias=False)),
        "valid": ((3, 8, 9), dict(out_channels=4, kernel_size=3)),
        "stride2": ((3, 9, 8), dict(out_channels=4, kernel_size=3, stride=2, padding=1)),
        "1x1-stride2": ((4, 8, 8), dict(out_channels=6, kernel_size=1, stride=2)),
        "stride-uneven": ((2, 9, 10), dict(out_channels=3, kernel_size=3, stride=(3, 2))),
        "7x7-stride2": ((3, 18, 18), dict(out_channels=8, kernel_size=7, stride=2, padding=3)),
        "kernel-uneven": ((2, 8, 8), dict(out_channels=3, kernel_size=(1, 5), padding=(0, 2))),
        "dilation2": ((3, 10, 10), dict(out_channels=4, kernel_size=3, dilation=2, padding=2)),
        "dilation-stride": (
            (2, 12, 12), dict(out_channels=3, kernel_size=3, dilation=(1, 3), stride=2),
        ),
        "group2": ((4, 7, 7), dict(out_channels=6, kernel_size=3, groups=2, padding=1)),
        "depthwise": ((6, 7, 7), dict(out_channels=6, kernel_size=3, groups=6, padding=1)),
        "depthwise-stride2": (
            (8, 9, 9), dict(out_channels=8, kernel_size=3, groups=8, stride=2, padding=1),
        ),
        "depthwise-multiplier2": (
            (4, 7, 7), dict(out_channels=8, kernel_size=3, groups=4, padding=1),
        ),
        "wide": ((16, 6, 6), dict(out_channels=32, kernel_size=3, padding=1)),
        "odd-channels": ((13, 6, 6), dict(out_channels=19, kernel_size=3, padding=1)),
        "one-channel": ((1, 6, 6), dict(out_channels=1, kernel_size=3, padding=1)),
        "whole-image": ((4, 5, 5), dict(out_channels=7, kernel_size=5)),
        "padding-beyond-kernel": ((2, 5, 5), dict(out_channels=3, kernel_size=3, padding=3)),
    }  # fmt: skip
    for name, (shape, options) in settings.items():
        yield probe(
            "conv2d-" + name, shape,
            lambda shape=shape, options=options: nn.Conv2d(shape[0], **options), required=True,
        )  # fmt: skip
    yield probe("conv1d", (3, 12), lambda: nn.Conv1d(3, 5, 3, padding=1))
    yield probe(
        "conv1d-stride-dilation-group", (4, 17),
        lambda: nn.Conv1d(4, 6, 3, stride=2, dilation=2, groups=2),
    )  # fmt: skip
    yield probe("conv3d", (2, 5, 6, 5), lambda: nn.Conv3d(2, 3, 3, padding=1))
    yield probe(
        "conv3d-stride", (2, 6, 7, 5), lambda: nn.Conv3d(2, 4, (1, 3, 2), stride=(1, 2, 2))
    )

    def conv(shape, padding, **attributes):
        graph = lambda g: Graph(
            [("Conv", ["z", "w", "b"], ["y"], attributes)],
            {"w": normal(g, 4, shape[0], 3, 2), "b": normal(g, 4)},
        )
        strides = attributes.get("strides", [1, 1])
        dilations = attributes.get("dilations", [1, 1])

        def formula(z, p):
            return F.conv2d(F.pad(z, padding), p["w"], p["b"], strides, dilation=dilations)

        return graph, formula

    # Pads are written as F.pad takes them: left, right, top, bottom.
    for name, shape, padding, attributes in [
        ("pads-asymmetric", (3, 7, 7), (1, 0, 2, 1), dict(pads=[2, 1, 1, 0])),
        ("pads-uneven-stride", (3, 9, 8), (0, 1, 0, 2), dict(pads=[0, 0, 2, 1], strides=[2, 2])),
        ("same-upper", (3, 7, 8), (0, 1, 1, 1), dict(auto_pad="SAME_UPPER")),
        ("same-lower", (3, 7, 8), (1, 0, 1, 1), dict(auto_pad="SAME_LOWER")),
        ("same-upper-stride", (3, 8, 9), (0, 1, 0, 1), dict(auto_pad="SAME_UPPER", strides=[2, 2])),
        ("same-lower-stride", (3, 8, 9), (1, 0, 1, 0), dict(auto_pad="SAME_LOWER", strides=[2, 2])),
        ("valid-auto", (3, 7, 8), (0, 0, 0, 0), dict(auto_pad="VALID")),
    ]:  # fmt: skip
        graph, formula = conv(shape, padding, **attributes)
        yield written("conv2d-" + name, shape, graph, formula, required=True)

    # The kernel comes from a computation, not from an initializer.
    yield written(
        "conv2d-computed-weight", (3, 6, 6),
        lambda g: Graph(
            [("Mul", ["w", "gain"], ["wg"], {}), ("Conv", ["z", "wg"], ["y"], {})],
            {"w": normal(g, 4, 3, 3, 3), "gain": normal(g, 4, 1, 1, 1)},
        ),
        lambda z, p: F.conv2d(z, p["w"] * p["gain"]),
    )  # fmt: skip


def transposed_convolutions():
    """ConvTranspose."""
    settings = {
        "2x2-stride2": ((4, 5, 5), dict(out_channels=3, kernel_size=2, stride=2)),
        "3x3": ((3, 5, 6), dict(out_channels=4, kernel_size=3, padding=1)),
        "output-padding": (
            (3, 5, 5),
            dict(out_channels=4, kernel_size=3, stride=2, padding=1, output_padding=1),
        ),
        "group2": ((4, 5, 5), dict(out_channels=6, kernel_size=3, groups=2)),
        "dilation": ((3, 6, 6), dict(out_channels=4, kernel_size=3, dilation=2, bias=False)),
    }
    for name, (shape, options) in settings.items():
        yield probe(
            "conv-transpose2d-" + name, shape,
            lambda shape=shape, options=options: nn.ConvTranspose2d(shape[0], **options),
        )  # fmt: skip
    yield probe(
        "conv-transpose1d", (3, 7), lambda: nn.ConvTranspose1d(3, 4, 4, stride=2, padding=1)
    )


def pools():
    """Maximum and average pools; with ties, padding and partial windows."""
    for exact, suffix in [(False, ""), (True, "-ties")]:
        for name, shape, options in [
            ("2x2", (3, 8, 8), dict(kernel_size=2)),
            ("3x3-stride2-pad1", (3, 9, 9), dict(kernel_size=3, stride=2, padding=1)),
            ("3x3-overlap", (2, 7, 7), dict(kernel_size=3, stride=1, padding=1)),
            ("uneven", (2, 8, 9), dict(kernel_size=(2, 3), stride=(2, 1), padding=(0, 1))),
        ]:
            yield probe(
                "maxpool2d-" + name + suffix, shape,
                lambda options=options: nn.MaxPool2d(**options), exact=exact, required=True,
                differences=not exact,
            )  # fmt: skip
        yield probe(
            "maxpool2d-ceil" + suffix, (3, 8, 9),
            lambda: nn.MaxPool2d(3, 2, ceil_mode=True), exact=exact, differences=not exact,
        )  # fmt: skip
        yield probe(
            "maxpool2d-dilation" + suffix, (3, 9, 9), lambda: nn.MaxPool2d(3, 2, dilation=2),
            exact=exact, differences=not exact,
        )  # fmt: skip
    # All of a window below the padding: the padding must never win.
    yield probe(
        "maxpool2d-negative", (2, 6, 6), lambda: nn.MaxPool2d(3, 2, 1), required=True,
        x=-5 - abs(random_x("negative", (2, 6, 6), 4)),
    )  # fmt: skip
    yield probe("maxpool1d", (3, 10), lambda: nn.MaxPool1d(3, 2, 1))
    yield probe("maxpool3d", (2, 6, 6, 6), lambda: nn.MaxPool3d(2))
    for name, shape, options in [
        ("2x2", (3, 8, 8), dict(kernel_size=2)),
        ("global-by-kernel", (3, 4, 4), dict(kernel_size=4)),
        ("overlap", (3, 7, 8), dict(kernel_size=3, stride=2)),
        ("pad-counted", (3, 7, 7), dict(kernel_size=3, stride=2, padding=1)),
        ("pad-not-counted", (3, 7, 7), dict(kernel_size=3, padding=1, count_include_pad=False)),
    ]:
        yield probe(
            "avgpool2d-" + name, shape, lambda options=options: nn.AvgPool2d(**options),
            required=True,
        )  # fmt: skip
    yield probe(
        "avgpool2d-ceil", (3, 7, 8),
        lambda: nn.AvgPool2d(2, ceil_mode=True, count_include_pad=False),
    )  # fmt: skip
    yield probe("avgpool1d", (3, 10), lambda: nn.AvgPool1d(2))
    yield probe("avgpool3d", (2, 6, 4, 6), lambda: nn.AvgPool3d(2))

    def average(shape, padding, include, **attributes):
        kernel = attributes["kernel_shape"]
        strides = attributes.get("strides", [1, 1])

        def formula(z, p):
            total = F.avg_pool2d(F.pad(z, padding), kernel, strides, divisor_override=1)
            ones = F.pad(torch.ones_like(z), padding, value=1.0 if include else 0.0)
            return total / F.avg_pool2d(ones, kernel, strides, divisor_override=1)

        return Graph([("AveragePool", ["z"], ["y"], attributes)]), formula

    for name, shape, padding, include, attributes in [
        (
            "same-upper", (3, 7, 8), (0, 1, 1, 1), False,
            dict(kernel_shape=[3, 2], auto_pad="SAME_UPPER"),
        ),
        (
            "pads-counted", (3, 7, 8), (0, 1, 1, 1), True,
            dict(kernel_shape=[3, 2], pads=[1, 0, 1, 1], count_include_pad=1),
        ),
        (
            "pads-asymmetric", (3, 8, 8), (1, 0, 0, 1), False,
            dict(kernel_shape=[3, 3], pads=[0, 1, 1, 0], strides=[2, 2]),
        ),
    ]:  # fmt: skip
        graph, formula = average(shape, padding, include, **attributes)
        yield written("avgpool2d-" + name, shape, graph, formula, required=True)
    yield written(
        "maxpool2d-same-lower", (3, 7, 8),
        Graph([("MaxPool", ["z"], ["y"], dict(kernel_shape=[2, 2], auto_pad="SAME_LOWER"))]),
        lambda z, p: F.max_pool2d(F.pad(z, (1, 0, 1, 0), value=-1e30), 2, 1), required=True,
    )  # fmt: skip
    yield probe("global-average-pool", (5, 4, 6), lambda: nn.AdaptiveAvgPool2d(1), required=True)
    yield probe("global-average-pool-1d", (5, 7), lambda: nn.AdaptiveAvgPool1d(1))
    yield probe("global-max-pool", (5, 4, 6), lambda: nn.AdaptiveMaxPool2d(1))
    yield probe(
        "global-max-pool-ties", (5, 4, 6), lambda: nn.AdaptiveMaxPool2d(1), exact=True,
        differences=False,
    )  # fmt: skip


def cases():
    """All operators on images."""
    return [*convolutions(), *transposed_convolutions(), *pools()]
