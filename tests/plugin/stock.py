"""Runs modules through the stock mlir-opt with the plugin, lowers them by
upstream passes alone and executes them with mlir-runner."""

import pathlib
import re
import string
import subprocess
import sys

import numpy as np

LOWER_TOSA = "func.func(tosa-optional-decompositions,tosa-to-linalg-named,tosa-to-linalg,tosa-to-arith,tosa-to-tensor)"
LOWER_TO_LLVM = ",".join([
    "func.func(lower-quant-ops,convert-elementwise-to-linalg,linalg-generalize-named-ops)", "canonicalize",
    "one-shot-bufferize{bufferize-function-boundaries}",
    "func.func(convert-linalg-to-loops)", "expand-strided-metadata",
    "lower-affine", "convert-scf-to-cf", "convert-math-to-llvm",
    "convert-math-to-libm", "convert-arith-to-llvm", "convert-cf-to-llvm",
    "finalize-memref-to-llvm", "convert-func-to-llvm",
    "reconcile-unrealized-casts"])


def add_arguments(parser):
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--llvm", required=True, type=pathlib.Path,
                        help="the folder of LLVM's bin and lib")


class Stock:
    def __init__(self, args):
        self.plugin, self.llvm = args.plugin, args.llvm

    def _run(self, command, text):
        done = subprocess.run(list(map(str, command)), input=text,
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr[:4000]}")
        return done.stdout

    def opt(self, text, pipeline):
        """The module after `pipeline`, in which passes of the plugin may be."""
        return self._run([self.llvm / "bin/mlir-opt",
                          f"--load-dialect-plugin={self.plugin}",
                          f"--load-pass-plugin={self.plugin}",
                          f"--pass-pipeline=builtin.module({pipeline})"], text)

    def execute(self, text, argument_sets, function="main"):
        """The results of `function` of the module for each set of arguments,
        one behind the other, by stock tools alone."""
        declared = re.search(rf"func\.func (?:private )?@{function}\((.*?)\) -> "
                             r"(.*?) (?:attributes )?{", text)
        wanted = re.findall(r": (tensor<[^>]*>)", declared[1])
        results = re.findall(r"tensor<[^>]*>", declared[2])
        body = []
        for n, arguments in enumerate(argument_sets):
            for i, (value, type_) in enumerate(zip(arguments, wanted, strict=True)):
                body.append(constant(f"%c{n}_{i}", value))
                body.append(f"%a{n}_{i} = tensor.cast %c{n}_{i} : {tensor_type(value)} to {type_}")
            operands = ", ".join(f"%a{n}_{i}" for i in range(len(arguments)))
            body.append(f"%r{n}:{len(results)} = func.call @{function}({operands})"
                        f" : ({', '.join(wanted)}) -> ({', '.join(results)})")
            for i, result in enumerate(results):
                body.append(f"%u{n}_{i} = tensor.cast %r{n}#{i} : {result} to tensor<*xf32>")
                body.append(f"func.call @printMemrefF32(%u{n}_{i}) : (tensor<*xf32>) -> ()")
        entry = ("func.func private @printMemrefF32(tensor<*xf32>)\n"
                 "func.func @entry() {\n" + "\n".join(body) + "\nreturn\n}\n")
        end = text.rstrip().rindex("}")
        lowered = self._run(
            [self.llvm / "bin/mlir-opt",
             f"--pass-pipeline=builtin.module({LOWER_TOSA},{LOWER_TO_LLVM})"],
            text[:end] + entry + text[end:])
        printed = self._run(
            [self.llvm / "bin/mlir-runner", "-e", "entry", "--entry-point-result=void",
             f"--shared-libs={self.llvm}/lib/libmlir_runner_utils.so",
             f"--shared-libs={self.llvm}/lib/libmlir_c_runner_utils.so"], lowered)
        return parse_memrefs(printed)


def tensor_type(value):
    element = {"float32": "f32", "int32": "i32", "int64": "i64"}[str(value.dtype)]
    return f"tensor<{''.join(f'{n}x' for n in value.shape)}{element}>"


def hexadecimal(value):
    return "0x" + np.ascontiguousarray(value).tobytes().hex().upper()


def constant(name, value):
    text = f'"{hexadecimal(value)}"' if value.size > 1 else value.reshape(-1)[0]
    return f"{name} = arith.constant dense<{text}> : {tensor_type(value)}"


def parse_memrefs(text):
    """Arrays as printMemrefF32 writes them."""
    arrays = []
    for part in text.split("Unranked Memref")[1:]:
        sizes = re.search(r"sizes = \[(.*?)\]", part)[1]
        numbers = part.split("data =", 1)[1]
        values = re.findall(r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf|nan)", numbers)
        shape = [int(n) for n in sizes.split(",") if n.strip()]
        arrays.append(np.array(values, np.float32).reshape(shape))
    return arrays


def fill(path, seed=0):
    """The module with numbers in place of ${names}, and these numbers."""
    text = pathlib.Path(path).read_text()
    random = np.random.default_rng(seed)
    weights = {}
    for name, shape in re.findall(r'"\$\{(\w+)\}"> : tensor<([\dx]+)xf32>', text):
        weights[name] = random.standard_normal(
            [int(n) for n in shape.split("x")]).astype(np.float32)
    values = {name: hexadecimal(value) for name, value in weights.items()}
    return string.Template(text).substitute(values), weights
