#!/usr/bin/env python3
"""Checks the plugin as a file: it links the shared MLIR and LLVM and holds no
copy of them, loads any number of times, and adds every pass to --help."""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return done.stdout


def check_links(plugin):
    libraries = run("ldd", plugin)
    for name in ("libMLIR.so", "libLLVM.so"):
        if len(re.findall(rf"^\s*{re.escape(name)}", libraries, re.M)) != 1:
            sys.exit(f"the plugin does not link {name} exactly once:\n{libraries}")
    # Functions that every static copy would define and no header does.
    defined = run("nm", "-DC", "--defined-only", plugin)
    undefined = run("nm", "-DC", "--undefined-only", plugin)
    for symbol in ("mlir::Operation::create(", "mlir::MLIRContext::MLIRContext(",
                   "mlir::detail::FallbackTypeIDResolver::registerImplicitTypeID("):
        if symbol in defined:
            sys.exit(f"the plugin has a copy of its own of {symbol}...)")
    if "mlir::detail::FallbackTypeIDResolver::registerImplicitTypeID(" not in undefined:
        sys.exit("the plugin does not take type ids from the shared library")


def check_loading(mlir_opt, plugin, passes):
    text = ('func.func @f(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>) -> tensor<2x2xf32> {\n'
            '  %c = nn.matmul %a, %b : tensor<2x3xf32>, tensor<3x2xf32> -> tensor<2x2xf32>\n'
            '  return %c : tensor<2x2xf32>\n}\n')
    with tempfile.TemporaryDirectory() as folder:
        module = pathlib.Path(folder, "f.mlir")
        module.write_text(text)
        copy = pathlib.Path(folder, "copy.so")
        shutil.copy(plugin, copy)
        for others in ([], [plugin], [copy]):
            flags = [f"--load-{kind}-plugin={path}" for path in [plugin, *others]
                     for kind in ("dialect", "pass")]
            out = run(mlir_opt, *flags,
                      "--pass-pipeline=builtin.module(func.func(frac-assign-layout))",
                      module)
            if "nn.matmul" not in out:
                sys.exit(f"with {others} loaded too, the module came out as\n{out}")
    listed = run(mlir_opt, f"--load-dialect-plugin={plugin}",
                 f"--load-pass-plugin={plugin}", "--help")
    for name, options in passes.items():
        entry = re.search(rf"^ +--{name} +- .*\n((?:(?:        --|    =).*\n)*)", listed, re.M)
        if not entry:
            sys.exit(f"mlir-opt --help does not list {name}")
        for option in options:
            if not re.search(rf"^ +--{option}(=<.*?>)? +- \S", entry[1], re.M):
                sys.exit(f"--help of {name} does not explain {option}")


def read_passes(source):
    """Flags of passes and of their options, from the TableGen files."""
    passes = {}
    for path in sorted(pathlib.Path(source, "passes").glob("*/Passes.td")):
        for definition in path.read_text().split("\ndef ")[1:]:
            name = re.search(r':\s*(?:Interface)?Pass<\s*"([^"]+)"', definition)
            passes[name[1]] = re.findall(
                r'(?:List)?Option<\s*"\w+",\s*"([^"]+)"', definition)
    if not passes:
        sys.exit(f"found no pass below {source}/passes")
    return passes


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--mlir-opt", required=True)
    parser.add_argument("--source", required=True)
    args = parser.parse_args()
    check_links(args.plugin)
    passes = read_passes(args.source)
    check_loading(args.mlir_opt, args.plugin, passes)
    print(f"{len(passes)} passes, one MLIR, one LLVM")


if __name__ == "__main__":
    main()
