#!/usr/bin/env python3
"""Installs the build, as files and as a Debian package, into scratch roots, and
uses what is there: the example outside the tree, the compiler, the plugin."""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


def run(*command, cwd=None):
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def install(args, root):
    run(args.cmake, "--install", args.build, "--prefix", root)
    return root


def unpack(args, root):
    packages = root / "packages"
    run(pathlib.Path(args.cmake).parent / "cpack", "-G", "DEB", "-B", packages,
        "--config", args.build / "CPackConfig.cmake")
    (package,) = packages.glob("*.deb")
    fields = run("dpkg-deb", "--field", package)
    for needed in ("libmlir-22", "libdnnl", "g++"):
        if needed not in fields:
            sys.exit(f"the package does not depend on {needed}:\n{fields}")
    if os.geteuid() == 0:
        install_package(package, root)
    else:
        print("not root: the package is unpacked, not installed")
        run("dpkg-deb", "--extract", package, root)
    return root / "usr"


def install_package(package, root):
    """By dpkg, which finds the dependencies in this system's database; its
    scripts run outside, as there is no shell in the root."""
    database = root / "var/lib/dpkg"
    for folder in ("info", "updates"):
        (database / folder).mkdir(parents=True)
    shutil.copy("/var/lib/dpkg/status", database)
    run("dpkg", "--force-script-chrootless", f"--root={root}", "--install", package)
    status = run("dpkg-query", f"--admindir={database}", "--show",
                 "--showformat=${db:Status-Status}", "fracc")
    if status != "installed":
        sys.exit(f"dpkg says that the package is {status}")


def use(args, prefix, work):
    example = work / "example"
    run(args.cmake, "-S", args.source / "examples/plugin", "-B", example, "-G", "Ninja",
        f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release",
        f"-DCMAKE_CXX_COMPILER_LAUNCHER={args.launcher}")
    run(args.cmake, "--build", example, "-j2")
    print(run(pathlib.Path(args.cmake).parent / "ctest", "--test-dir", example,
              "--output-on-failure", "--no-tests=error").strip().splitlines()[-1])

    program = work / "mlp"
    run(prefix / "bin/fracc", "compile", args.source / "examples/models/mlp.onnx", "-o", program)
    run(program, "train", "--data=synthetic:256:10", "--iterations=1", cwd=work)
    flags = [f"--load-{kind}-plugin={prefix}/lib/libFracPlugin.so" for kind in ("dialect", "pass")]
    if "frac-insert-quantize" not in run(args.mlir_opt, *flags, "--help"):
        sys.exit("the installed plugin adds no pass")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("cmake", "mlir-opt", "launcher"):
        parser.add_argument(f"--{name}", default="")
    for name in ("build", "source"):
        parser.add_argument(f"--{name}", required=True, type=pathlib.Path)
    args = parser.parse_args()
    for make in (install, unpack):
        with tempfile.TemporaryDirectory() as folder:
            root, work = pathlib.Path(folder, "root"), pathlib.Path(folder, "work")
            root.mkdir()
            work.mkdir()
            use(args, make(args, root), work)
            print(f"{make.__name__}: works")


if __name__ == "__main__":
    main()
