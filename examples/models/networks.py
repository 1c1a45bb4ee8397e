# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The example networks as PyTorch modules.

Used to make the ONNX files of this folder, as the other side of comparisons
and as oracles in tests. The product never imports this.
"""

import math

import torch
from torch import nn


def conv_bn(inputs, outputs, kernel, stride=1, groups=1):
    """A convolution that keeps the size at stride 1, and its normalization."""
    return [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    ]


class BasicBlock(nn.Module):
    """Two 3x3 convolutions beside a shortcut (He et al., arXiv 1512.03385).

    Where the shape changes the shortcut is a 1x1 convolution with
    normalization, elsewhere the identity.
    """

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = conv_bn(inputs, outputs, 3, stride)
        self.conv2, self.bn2 = conv_bn(outputs, outputs, 3)
        self.relu = nn.ReLU()
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(*conv_bn(inputs, outputs, 1, stride))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


def stage(inputs, outputs, blocks, stride):
    """`blocks` basic blocks, the first of which changes the shape."""
    rest = [BasicBlock(outputs, outputs, 1) for _ in range(blocks - 1)]
    return nn.Sequential(BasicBlock(inputs, outputs, stride), *rest)


class CifarResNet(nn.Module):
    """ResNet of depth 6n+2 for 32x32 images, section 4.2 of arXiv 1512.03385."""

    def __init__(self, depth, in_channels=3, classes=10):
        super().__init__()
        if depth < 8 or depth % 6 != 2:
            raise ValueError(f"depth {depth} is not 6n+2")
        n = (depth - 2) // 6
        self.conv1, self.bn1 = conv_bn(in_channels, 16, 3)
        self.relu = nn.ReLU()
        self.layer1 = stage(16, 16, n, 1)
        self.layer2 = stage(16, 32, n, 2)
        self.layer3 = stage(32, 64, n, 2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64, classes)

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(torch.flatten(self.pool(x), 1))


class ImageResNet(nn.Module):
    """ResNet-18 and 34 for 224x224 images, table 1 of arXiv 1512.03385."""

    def __init__(self, blocks, in_channels=3, classes=1000):
        super().__init__()
        self.conv1, self.bn1 = conv_bn(in_channels, 64, 7, 2)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = stage(64, 64, blocks[0], 1)
        self.layer2 = stage(64, 128, blocks[1], 2)
        self.layer3 = stage(128, 256, blocks[2], 2)
        self.layer4 = stage(256, 512, blocks[3], 2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.pool(x), 1))


class InvertedResidual(nn.Module):
    """Expand, depthwise, project: the block of MobileNetV2 (arXiv 1801.04381).

    `shortcut` is "identity" (the paper: only where the shape is kept) or
    "project" (a 1x1 convolution where only the channels change, as the usual
    32x32 variant has it).
    """

    def __init__(self, inputs, outputs, expansion, stride, shortcut="project"):
        super().__init__()
        width = inputs * expansion
        layers = []
        if expansion != 1 or shortcut == "project":
            layers += [*conv_bn(inputs, width, 1), nn.ReLU6()]
        layers += [*conv_bn(width, width, 3, stride, groups=width), nn.ReLU6()]
        layers += conv_bn(width, outputs, 1)
        self.body = nn.Sequential(*layers)
        self.residual = stride == 1 and (shortcut == "project" or inputs == outputs)
        self.shortcut = nn.Sequential()
        if self.residual and inputs != outputs:
            self.shortcut = nn.Sequential(*conv_bn(inputs, outputs, 1))

    def forward(self, x):
        y = self.body(x)
        return y + self.shortcut(x) if self.residual else y


class MobileNetV2(nn.Module):
    """MobileNetV2 with strides for 32x32 images: the stem and the first wide
    stage keep the size, and a 4x4 average pool ends it."""

    # Expansion, output channels, blocks, stride of the first.
    STAGES = [
        (1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2),
        (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ]  # fmt: skip

    def __init__(self, in_channels=3, classes=10):
        super().__init__()
        layers = [*conv_bn(in_channels, 32, 3), nn.ReLU6()]
        width = 32
        for expansion, outputs, blocks, first_stride in self.STAGES:
            for block in range(blocks):
                stride = first_stride if block == 0 else 1
                layers.append(InvertedResidual(width, outputs, expansion, stride))
                width = outputs
        layers += [*conv_bn(width, 1280, 1), nn.ReLU6()]
        self.features = nn.Sequential(*layers)
        self.pool = nn.AvgPool2d(4)
        self.fc = nn.Linear(1280, classes)

    def forward(self, x):
        return self.fc(torch.flatten(self.pool(self.features(x)), 1))


class MobileNetSmall(nn.Module):
    """Three inverted residuals: what MobileNetV2 is made of, small enough for
    tests."""

    def __init__(self, in_channels=3, classes=10):
        super().__init__()
        self.features = nn.Sequential(
            *conv_bn(in_channels, 8, 3, 2), nn.ReLU6(),
            InvertedResidual(8, 8, 6, 1, "identity"),
            InvertedResidual(8, 16, 6, 2, "identity"),
            InvertedResidual(16, 16, 6, 1, "identity"),
            *conv_bn(16, 64, 1), nn.ReLU6(),
        )  # fmt: skip
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64, classes)

    def forward(self, x):
        return self.fc(torch.flatten(self.pool(self.features(x)), 1))


class LeNet(nn.Module):
    """LeNet for 32x32 images, with one pool of each kind."""

    def __init__(self, in_channels=1, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 6, 5)
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.pool2 = nn.AvgPool2d(2)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, classes)

    def forward(self, x):
        x = self.pool1(torch.relu(self.conv1(x)))
        x = self.pool2(torch.relu(self.conv2(x)))
        x = torch.relu(self.fc1(torch.flatten(x, 1)))
        return self.fc3(torch.relu(self.fc2(x)))


class MLP(nn.Module):
    """A perceptron with one GELU and one tanh layer."""

    def __init__(self, in_channels=1, classes=10):
        super().__init__()
        self.fc1 = nn.Linear(in_channels * 32 * 32, 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, classes)

    def forward(self, x):
        x = nn.functional.gelu(self.fc1(torch.flatten(x, 1)))
        return self.fc3(torch.tanh(self.fc2(x)))


# Name -> (constructor of in_channels and classes, default channels, default
# classes, image size).
NETWORKS = {
    **{
        f"resnet{depth}": (lambda c, k, depth=depth: CifarResNet(depth, c, k), 3, 10, 32)
        for depth in (8, 20, 38, 74)
    },
    "mobilenetv2": (MobileNetV2, 3, 10, 32),
    "mobilenet-small": (MobileNetSmall, 3, 10, 32),
    "resnet18": (lambda c, k: ImageResNet([2, 2, 2, 2], c, k), 3, 1000, 224),
    "resnet34": (lambda c, k: ImageResNet([3, 4, 6, 3], c, k), 3, 1000, 224),
    "lenet": (LeNet, 1, 10, 32),
    "mlp": (MLP, 1, 10, 32),
}


def initialize(model):
    """He initialization by fan-out of convolutions; the rest is PyTorch's."""
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            fan_out = module.out_channels * math.prod(module.kernel_size) // module.groups
            with torch.no_grad():
                module.weight.normal_(0.0, math.sqrt(2.0 / fan_out))


def make(name, in_channels=None, classes=None, seed=0):
    """The network NAME, initialized from `seed`, and its input shape (C, H, W).

    None takes the network's own number of channels or classes.
    """
    constructor, default_channels, default_classes, size = NETWORKS[name]
    channels = default_channels if in_channels is None else in_channels
    torch.manual_seed(seed)
    model = constructor(channels, default_classes if classes is None else classes)
    if name not in ("lenet", "mlp"):
        initialize(model)
    return model, (channels, size, size)


def count_macs(model, shape):
    """Multiply-accumulates of convolutions and linear layers for one sample."""
    total = 0

    def add(module, _, output):
        nonlocal total
        per_output = module.weight[0].numel()
        total += per_output * output[0].numel()

    hooks = [
        module.register_forward_hook(add)
        for module in model.modules()
        if isinstance(module, (nn.Conv2d, nn.Linear))
    ]
    was_training = model.training
    model.eval()
    with torch.no_grad():
        model(torch.zeros(1, *shape))
    model.train(was_training)
    for hook in hooks:
        hook.remove()
    return total
