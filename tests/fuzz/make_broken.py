#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes broken inputs: models, data, checkpoints and recipes.

    make_broken.py --out=DIR --count=1000 [--seed=0] [--first=0]

Input number N of a seed is always the same. A third of the models are good
ones with bytes cut off, flipped, repeated or replaced; the others are well
formed files that say something impossible.
"""

import argparse
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import harness  # noqa: E402

harness.require("numpy", "onnx")
import numpy  # noqa: E402
import onnx  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

# Kinds of input, in proportion to how often each is made.
KINDS = ["model"] * 11 + ["npz"] * 3 + ["idx"] * 2 + ["cifar10"] + ["checkpoint"] * 2 + ["recipe"]

HUGE = [2**31 - 1, 2**31, 2**32, 2**40, 2**62, 2**63 - 1]
ODD = [0, -1, -2, -(2**31), -(2**63), *HUGE]


def damaged(data, dice):
    """Bytes with one or a few faults of the kinds that disks and networks make."""
    data = bytearray(data)
    for _ in range(dice.choice([1, 1, 1, 2, 8, 64])):
        fault = dice.randrange(8)
        place = dice.randrange(len(data)) if data else 0
        # Most of a model is weights; what can break lies at the ends.
        if dice.random() < 0.6:
            near = dice.randrange(min(len(data), 4000)) if data else 0
            place = near if dice.random() < 0.6 else max(0, len(data) - 1 - near)
        if not data:
            break
        if fault == 0:
            del data[place:]
        elif fault == 1:
            data[place] ^= 1 << dice.randrange(8)
        elif fault == 2:
            data[place] = dice.choice([0, 1, 0x7F, 0x80, 0xFF])
        elif fault == 3:
            del data[place : place + dice.randrange(1, 64)]
        elif fault == 4:
            data[place:place] = data[place : place + dice.randrange(1, 256)]
        elif fault == 5:
            data[place:place] = dice.randbytes(dice.randrange(1, 64))
        elif fault == 6:
            for i in range(place, min(len(data), place + 10)):
                data[i] = 0xFF
        else:
            data[place : place + 8] = dice.choice(ODD).to_bytes(8, "little", signed=True)
    return bytes(data)


# ---- Models -----------------------------------------------------------------


def save(model):
    """The bytes of a model, valid or not."""
    return model.SerializeToString()


def float_value(name, shape):
    """A float input or output."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def network(nodes, initializers=(), inputs=None, outputs=None, opset=14):
    """A model around some nodes; x is (N, 3, 8, 8)."""
    graph = helper.make_graph(
        nodes, "broken",
        inputs if inputs is not None else [float_value("x", ["batch", 3, 8, 8])],
        outputs if outputs is not None else [float_value("y", None)],
        list(initializers),
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=7)


def tensor(name, array):
    """An initializer."""
    return numpy_helper.from_array(numpy.asarray(array), name)


def weight(name="w", shape=(4, 3, 3, 3)):
    """A float initializer of small numbers."""
    return tensor(name, numpy.full(shape, 0.01, numpy.float32))


def node(kind, inputs, outputs, **attributes):
    """A node named after its operator."""
    return helper.make_node(kind, inputs, outputs, name=f"the_{kind}", **attributes)


def conv_attributes(dice):
    """A convolution with one impossible attribute."""
    name, value = dice.choice([
        ("strides", [0, 1]), ("strides", [-1, 1]), ("strides", [1]), ("strides", [2**62, 1]),
        ("dilations", [0, 1]), ("dilations", [2**62, 2**62]), ("pads", [-9, -9, -9, -9]),
        ("pads", [2**62] * 4), ("pads", [1, 1]), ("group", 0), ("group", -1), ("group", 7),
        ("group", 2**40), ("kernel_shape", [5, 5]), ("kernel_shape", [0, 0]),
        ("kernel_shape", [3]), ("auto_pad", "SIDEWAYS"), ("strides", 1.5), ("pads", "same"),
    ])  # fmt: skip
    return network([node("Conv", ["x", "w"], ["y"], **{name: value})], [weight()])


def pool_attributes(dice):
    """A pool with one impossible attribute."""
    kind = dice.choice(["MaxPool", "AveragePool"])
    attributes = {"kernel_shape": [2, 2]}
    name, value = dice.choice([
        ("kernel_shape", [0, 2]), ("kernel_shape", [-1, 2]), ("kernel_shape", [99, 99]),
        ("kernel_shape", [2]), ("kernel_shape", []), ("strides", [0, 0]), ("strides", [-2, 1]),
        ("pads", [5, 5, 5, 5]), ("pads", [-3, 0, 0, 0]), ("pads", [2**62] * 4),
        ("dilations", [0, 0]), ("dilations", [2**62] * 2), ("ceil_mode", 7), ("storage_order", 1),
    ])  # fmt: skip
    attributes[name] = value
    return network([node(kind, ["x"], ["y"], **attributes)])


def wrong_dims(dice):
    """An initializer whose dimensions and bytes disagree."""
    item = weight()
    if dice.random() < 0.5:
        item.dims[dice.randrange(4)] = dice.choice(ODD)
    else:
        del item.dims[:]
        item.dims.extend(dice.choice(ODD) for _ in range(dice.choice([0, 1, 2, 5, 64])))
    if dice.random() < 0.3:
        item.raw_data = item.raw_data[: dice.randrange(len(item.raw_data))]
    return network([node("Conv", ["x", "w"], ["y"])], [item])


def wrong_input_shape(dice):
    """A graph input with impossible or missing dimensions."""
    shape = dice.choice([
        [], ["batch"], ["batch", 3], [0, 3, 8, 8], ["batch", -1, 8, 8], ["batch", 3, 0, 8],
        ["batch", 2**40, 8, 8], [2**62, 2**62, 2**62, 2**62], ["a", "b", "c", "d"], None,
        ["batch", 3, 8, 8, 8, 8, 8, 8, 8], ["batch"] + [1] * 200,
    ])  # fmt: skip
    return network([node("Conv", ["x", "w"], ["y"])], [weight()], [float_value("x", shape)])


def wrong_types(dice):
    """Tensors of a type that the operator cannot take."""
    kind = dice.choice(
        [TensorProto.INT8, TensorProto.STRING, TensorProto.BOOL, TensorProto.COMPLEX64,
         TensorProto.FLOAT16, TensorProto.DOUBLE, TensorProto.UNDEFINED, 99, -1]
    )  # fmt: skip
    item = weight()
    if dice.random() < 0.5:
        item.data_type = kind
        return network([node("Conv", ["x", "w"], ["y"])], [item])
    model = network([node("Conv", ["x", "w"], ["y"])], [item])
    model.graph.input[0].type.tensor_type.elem_type = kind
    return model


def cycle(dice):
    """Nodes that wait for each other, or for themselves."""
    if dice.random() < 0.5:
        return network([node("Add", ["x", "y"], ["y"])])
    return network([
        node("Add", ["x", "c"], ["a"]), node("Relu", ["a"], ["b"]), node("Relu", ["b"], ["c"]),
        node("Relu", ["c"], ["y"]),
    ])  # fmt: skip


def names(dice):
    """Duplicate, empty, missing and hostile names."""
    choice = dice.randrange(8)
    if choice == 0:
        return network([node("Conv", ["x", "w"], ["y"])], [weight(), weight()])
    if choice == 1:
        return network([node("Relu", ["x"], ["y"]), node("Relu", ["x"], ["y"])])
    if choice == 2:
        return network([node("Relu", ["nowhere"], ["y"])])
    if choice == 3:
        return network([node("Relu", ["x"], ["z"])])
    if choice == 4:
        return network([node("Relu", [""], ["y"])])
    if choice == 5:
        return network([node("Relu", ["x"], [""])])
    hostile = dice.choice(
        ["../../etc/passwd", "a" * 100000, "w\0w", 'q"uo\\te', "%s%n%d", "line\nbreak", "\x1b[31m"]
    )
    if choice == 6:
        return network([node("Conv", ["x", hostile], ["y"])], [weight(hostile)])
    return network([helper.make_node("Relu", ["x"], ["y"], name=hostile)])


def external_data(dice):
    """Weights in another file: outside the folder, absent, beyond the end."""
    item = weight()
    item.ClearField("raw_data")
    item.data_location = TensorProto.EXTERNAL
    location = dice.choice([
        "../../../../etc/passwd", "/etc/passwd", "absent.bin", "", ".", "..", "/dev/zero",
        "/dev/stdin", "a/../../b", "~/x", "x" * 5000, "\0",
    ])  # fmt: skip
    entries = {"location": location}
    if dice.random() < 0.5:
        entries["offset"] = dice.choice(["-1", "0", "9223372036854775807", "1e9", "x", ""])
        entries["length"] = dice.choice(["-1", "0", "432", "18446744073709551615", "zz"])
    for key, value in entries.items():
        entry = item.external_data.add()
        entry.key, entry.value = key, value
    return network([node("Conv", ["x", "w"], ["y"])], [item])


def nesting(dice):
    """Subgraphs in subgraphs."""
    graph = helper.make_graph([node("Relu", ["x"], ["y"])], "leaf", [], [float_value("y", None)])
    for _ in range(dice.choice([1, 3, 20, 45])):
        inner = helper.make_node(
            "If", ["x"], ["y"], then_branch=graph, else_branch=graph if dice.random() < 0.1 else
            helper.make_graph([], "empty", [], []),
        )  # fmt: skip
        graph = helper.make_graph([inner], "level", [], [float_value("y", None)])
    return network(list(graph.node))


def long_chain(dice):
    """Thousands of nodes: no recursion may follow them all."""
    count = dice.choice([2000, 5000])
    kind = dice.choice(["Relu", "Identity", "Neg"])
    edges = ["x"] + [f"v{i}" for i in range(count - 1)] + ["y"]
    return network([helper.make_node(kind, [a], [b]) for a, b in zip(edges, edges[1:])])


def fan_out(dice):
    """A few doublings whose result is enormous."""
    count = dice.choice([8, 20, 40])
    edges = ["x"] + [f"v{i}" for i in range(count - 1)] + ["y"]
    return network(
        [helper.make_node("Concat", [a, a], [b], axis=1) for a, b in zip(edges, edges[1:])]
    )


def shape_arithmetic(dice):
    """Reshape, Expand, Tile, Pad, Slice, ConstantOfShape with absurd numbers."""
    values = [dice.choice([*ODD, 1, 2, 3, 192]) for _ in range(dice.choice([0, 1, 2, 4, 8]))]
    wanted = tensor("s", numpy.array(values, numpy.int64))
    kind = dice.choice(["Reshape", "Expand", "Tile", "Pad", "ConstantOfShape", "Slice", "Gather",
                        "Unsqueeze", "Squeeze", "Split", "ReduceSum"])  # fmt: skip
    if kind == "ConstantOfShape":
        return network([node(kind, ["s"], ["y"])], [wanted])
    if kind == "Slice":
        return network([node(kind, ["x", "s", "s", "s", "s"], ["y"])], [wanted])
    return network([node(kind, ["x", "s"], ["y"])], [wanted])


def axes(dice):
    """An axis or permutation out of range."""
    kind, attributes = dice.choice([
        ("Softmax", dict(axis=9)), ("Softmax", dict(axis=-(2**62))), ("Flatten", dict(axis=77)),
        ("Flatten", dict(axis=-50)), ("Transpose", dict(perm=[0, 0, 0, 0])),
        ("Transpose", dict(perm=[3, 2])), ("Transpose", dict(perm=[-1, 9, 2, 1])),
        ("Concat", dict(axis=5)), ("ReduceMean", dict(axes=[8])), ("ReduceMean", dict(axes=[1, 1])),
        ("LogSoftmax", dict(axis=4)), ("Gemm", dict()), ("MatMul", dict()), ("LRN", dict(size=0)),
        ("DepthToSpace", dict(blocksize=0)), ("Dropout", dict(seed=-1)), ("TopK", dict(axis=11)),
    ])  # fmt: skip
    return network([node(kind, ["x"], ["y"], **attributes)])


def arity(dice):
    """Too few or too many inputs or outputs."""
    kind = dice.choice([
        "Conv", "Add", "Relu", "Gemm", "MatMul", "BatchNormalization", "Clip", "MaxPool",
        "Reshape", "Concat", "Sum", "Pow", "Where", "Dropout",
    ])  # fmt: skip
    inputs = ["x"] * dice.choice([0, 1, 2, 3, 9])
    outputs = ["y"] + [f"o{i}" for i in range(dice.choice([0, 0, 1, 6]))]
    return network([node(kind, inputs, outputs)])


def shapes_disagree(dice):
    """Operands that do not fit together."""
    choice = dice.randrange(5)
    if choice == 0:
        return network([node("Conv", ["x", "w"], ["y"])], [weight(shape=(4, 5, 3, 3))])
    if choice == 1:
        return network([node("Add", ["x", "w"], ["y"])], [weight(shape=(7, 7))])
    if choice == 2:
        return network([node("MatMul", ["x", "w"], ["y"])], [weight(shape=(9, 2))])
    if choice == 3:
        statistics = [weight(name, (5,)) for name in "sbmv"]
        return network([node("BatchNormalization", ["x", *"sbmv"], ["y"])], statistics)
    shape = dice.choice([(), (4,), (0, 3, 3, 3), (4, 3, 9, 9)])
    return network([node("Conv", ["x", "w"], ["y"])], [weight(shape=shape)])


def emptiness(dice):
    """No graph, no nodes, no inputs, no outputs, no opset."""
    model = network([node("Relu", ["x"], ["y"])])
    choice = dice.randrange(9)
    if choice == 0:
        model.ClearField("graph")
    elif choice == 1:
        del model.graph.node[:]
    elif choice == 2:
        del model.graph.input[:]
    elif choice == 3:
        del model.graph.output[:]
    elif choice == 4:
        del model.opset_import[:]
    elif choice == 5:
        model.opset_import[0].version = dice.choice([0, 1, -1, 999, 2**62])
    elif choice == 6:
        model.ir_version = dice.choice([0, 1, 2, 99, 2**62])
    elif choice == 7:
        model.opset_import[0].domain = dice.choice(["com.example", "ai.onnx.ml", "x" * 10000])
    else:
        return onnx.ModelProto()
    return model


def unknown_operator(dice):
    """Operators that nobody has."""
    kind = dice.choice(["Frobnicate", "", "conv", "Conv2D", "a" * 5000, "Loop", "SequenceAt"])
    return network([helper.make_node(kind, ["x"], ["y"], domain=dice.choice(["", "com.example"]))])


def numbers(dice):
    """Weights and attributes that are not finite."""
    value = dice.choice([numpy.nan, numpy.inf, -numpy.inf, 3e38, 1e-45])
    item = tensor("w", numpy.full((4, 3, 3, 3), value, numpy.float32))
    if dice.random() < 0.5:
        return network([node("Conv", ["x", "w"], ["y"])], [item])
    return network([node("LeakyRelu", ["x"], ["y"], alpha=float(value))])


def attribute_kinds(dice):
    """An attribute with another type, or with two values, or none."""
    made = node("Conv", ["x", "w"], ["y"], strides=[1, 1])
    attribute = made.attribute[0]
    attribute.type = dice.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    if dice.random() < 0.5:
        attribute.ClearField("ints")
    if dice.random() < 0.3:
        attribute.name = dice.choice(["", "strides" * 1000, "pads"])
    if dice.random() < 0.3:
        made.attribute.add().CopyFrom(attribute)
    return network([made], [weight()])


ADVERSARIAL = [
    conv_attributes, pool_attributes, wrong_dims, wrong_input_shape, wrong_types, cycle, names,
    external_data, nesting, long_chain, fan_out, shape_arithmetic, axes, arity, shapes_disagree,
    emptiness, unknown_operator, numbers, attribute_kinds,
]  # fmt: skip

# Good models that damage is done to; read once.
SOURCES = {}


def source(name):
    """The bytes of a committed example model."""
    if name not in SOURCES:
        SOURCES[name] = (harness.MODELS / name).read_bytes()
    return SOURCES[name]


def broken_model(dice):
    """Bytes of a model file and what is wrong with it."""
    if dice.random() < 0.35:
        name = dice.choice(["mobilenet-small.onnx", "lenet.onnx", "resnet8.onnx"])
        return damaged(source(name), dice), "damaged " + name
    make = dice.choice(ADVERSARIAL)
    data = save(make(dice))
    if dice.random() < 0.15:
        return damaged(data, dice), "damaged " + make.__name__
    return data, make.__name__


# ---- Data -------------------------------------------------------------------


def npz_bytes(arrays):
    """An .npz file in memory."""
    import io

    stream = io.BytesIO()
    numpy.savez(stream, **arrays)
    return stream.getvalue()


def broken_npz(dice):
    """An .npz file whose arrays or bytes are wrong."""
    x = numpy.zeros((6, 1, 32, 32), numpy.float32)
    y = numpy.arange(6, dtype=numpy.int64)
    choice = dice.randrange(9)
    if choice < 4:
        return damaged(npz_bytes(dict(x=x, y=y)), dice), "damaged npz"
    if choice == 4:
        kind = dice.choice(["<f8", ">f4", "<c8", "S3", "<U2", "?", "<M8[s]", "<u8", "<f2"])
        return npz_bytes(dict(x=x.astype(kind), y=y)), f"x of type {kind}"
    if choice == 5:
        return npz_bytes(dict(x=x, y=y + dice.choice(ODD[:3] + [10**6, -(10**9)]))), "labels"
    if choice == 6:
        shape = dice.choice([(0, 1, 32, 32), (6,), (6, 1, 32), (6, 2, 32, 32), (6, 1, 31, 33), ()])
        return npz_bytes(dict(x=numpy.zeros(shape, numpy.float32), y=y)), f"x of shape {shape}"
    if choice == 7:
        arrays = dice.choice([dict(x=x), dict(y=y), dict(), dict(a=x, b=y)])
        return npz_bytes(arrays), "arrays missing"
    # A header that promises more than the file holds.
    data = bytearray(npz_bytes(dict(x=x, y=y)))
    place = data.find(b"(6, 1, 32, 32)")
    claim = dice.choice(
        [b"(6, 1, 32, 99)", b"(99999999999,)", b"(-6,-1,32, 32)", b"(6, 1, 32, 32,", b" "]
    )
    data[place : place + 14] = claim.ljust(14)[:14]
    return bytes(data), "npy header"


def idx_bytes(magic, dims, payload):
    """An idx file."""
    data = magic.to_bytes(4, "big")
    for dim in dims:
        data += (dim & 0xFFFFFFFF).to_bytes(4, "big")
    return data + payload


def broken_idx(dice):
    """The four files of an MNIST-style folder, some of them wrong."""
    import gzip

    good = {}
    for prefix in ("train", "t10k"):
        good[f"{prefix}-images-idx3-ubyte"] = idx_bytes(0x803, [6, 28, 28], bytes(6 * 784))
        good[f"{prefix}-labels-idx1-ubyte"] = idx_bytes(0x801, [6], bytes(range(6)))
    name = dice.choice(list(good))
    choice = dice.randrange(6)
    if choice < 2:
        good[name] = damaged(good[name], dice)
    elif choice == 2:
        dims = [dice.choice([0, 1, 5, 7, 2**31 - 1, 2**31, 2**32 - 1]) for _ in range(3)]
        good[name] = idx_bytes(dice.choice([0x803, 0x801, 0x8FF, 0xD03]), dims, bytes(100))
    elif choice == 3:
        del good[name]
    elif choice == 4:
        packed = damaged(gzip.compress(good.pop(name)), dice)
        good[name + ".gz"] = packed
    else:
        good[name.split("-")[0] + "-labels-idx1-ubyte"] = idx_bytes(0x801, [6], bytes([250] * 6))
    return good, "idx " + name


def broken_cifar10(dice):
    """CIFAR-10's six files, some of them wrong."""
    row = bytes([3]) + bytes(3072)
    good = {f"data_batch_{i}.bin": row * 2 for i in range(1, 6)}
    good["test_batch.bin"] = row * 2
    name = dice.choice(list(good))
    choice = dice.randrange(4)
    if choice == 0:
        del good[name]
    elif choice == 1:
        good[name] = good[name][: dice.randrange(len(good[name]))]
    elif choice == 2:
        good[name] = bytes([dice.randrange(10, 256)]) + good[name][1:]
    else:
        good[name] = b""
    return good, "cifar10 " + name


def broken_recipe(dice):
    """A recipe with bad syntax, bad keys or bad values."""
    good = (
        '[loss]\nkind = "softmax-cross-entropy"\n[optimizer]\nkind = "sgd"\nlr = 0.1\n'
        'momentum = 0.9\nweight_decay = 1e-4\n[schedule]\nkind = "piecewise"\n'
        "milestones = [10, 20]\nfactor = 0.1\n"
    )
    choice = dice.randrange(3)
    if choice == 0:
        return damaged(good.encode(), dice), "damaged recipe"
    if choice == 1:
        value = dice.choice(
            ["nan", "inf", "-1", "1e999", "[]", "{}", '"x"', "true", "1979-05-27", "0x", "'"]
        )
        return good.replace("0.9", value).encode(), f"momentum {value}"
    return (good + dice.choice([
        "[loss]\nkind = 1\n", "[" * 5000, "a = " + "[" * 3000, "[a]\n" * 3000, '"\\u0000" = 1\n',
        "[precision]\nforward = 99\n", "x" * 100000, "[optimizer.kind]\nx = 1\n",
    ])).encode(), "recipe text"  # fmt: skip


def generator_of(seed, number):
    """The random numbers of one input."""
    return random.Random(f"{seed}/{number}")


def broken(seed, number, checkpoint=None):
    """Input `number` of `seed`: (kind, contents, what is wrong). The contents
    are bytes, or a dictionary of file names and bytes. `checkpoint` are the
    bytes of a good one; without, that kind becomes a model."""
    dice = generator_of(seed, number)
    kind = dice.choice(KINDS)
    if kind == "checkpoint" and checkpoint:
        return kind, damaged(checkpoint, dice), "damaged checkpoint"
    if kind == "npz":
        return kind, *broken_npz(dice)
    if kind == "idx":
        return kind, *broken_idx(dice)
    if kind == "cifar10":
        return kind, *broken_cifar10(dice)
    if kind == "recipe":
        return kind, *broken_recipe(dice)
    return "model", *broken_model(dice)


SUFFIX = {"model": ".onnx", "npz": ".npz", "checkpoint": ".ckpt", "recipe": ".toml"}


def write(kind, contents, folder, stem):
    """Writes one input; its path."""
    path = folder / (stem + SUFFIX.get(kind, ""))
    if isinstance(contents, dict):
        path.mkdir()
        for name, data in contents.items():
            (path / name).write_bytes(data)
    else:
        path.write_bytes(contents)
    return path


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--checkpoint", type=Path, help="a good checkpoint to damage")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    good = options.checkpoint.read_bytes() if options.checkpoint else None
    for number in range(options.first, options.first + options.count):
        kind, contents, fault = broken(options.seed, number, good)
        path = write(kind, contents, options.out, f"{number:05d}-{kind}")
        print(f"{path.name}: {fault}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
