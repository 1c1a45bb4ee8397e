#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the gradients of compiled models with PyTorch's.

    grad_oracle.py --fracc=build/bin/fracc --suite=networks
    grad_oracle.py --suite=operators --only='conv2d|maxpool'
    grad_oracle.py model MODEL.onnx BATCH.npz GRADIENTS.npz

Each case is compiled, `OUT grad` computes one batch, and every parameter's
gradient must be within 1e-4 of PyTorch's (relative, L2). Then the loss is
differenced along each of the largest gradients: the slope must be the norm of
the gradient, which needs no PyTorch. What the compiler refuses as unsupported
is listed; it fails only where the case is required.

The third form compares with gradients that were made elsewhere: BATCH holds x
and y, GRADIENTS an array a parameter.
"""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import harness  # noqa: E402
from harness import check  # noqa: E402

harness.require("numpy", "torch", "onnx")
import numpy  # noqa: E402
import torch  # noqa: E402

import networks_cases  # noqa: E402
import operator_cases  # noqa: E402
import reference  # noqa: E402


def norm(array):
    """The L2 norm, in float64."""
    return float(numpy.linalg.norm(numpy.asarray(array, numpy.float64)))


def recipe(loss):
    """The shortest recipe of a loss."""
    return f'[loss]\nkind = "{loss}"\n'


def gradients_of(executable, batch, folder, label, *flags):
    """`OUT grad` on a batch: the arrays of its npz."""
    out = folder / f"{label}.npz"
    harness.run(
        [executable, "grad", f"--data=npz:{batch}", "--normalize=none", "--threads=1",
         f"--out={out}", *flags]
    )  # fmt: skip
    with numpy.load(out) as arrays:
        return {name: arrays[name] for name in arrays.files}


def compare_gradients(ours, expected, exact, tolerance):
    """Fails unless each gradient is close; returns the worst relative error.

    `exact` are the gradients in float64. Where float32 PyTorch itself is off
    from them (sums that cancel, such as of a bias before a normalization) the
    bound is a multiple of that error instead.
    """
    missing = sorted(set(expected) - set(ours))
    check(not missing, f"no gradient of {', '.join(missing)}")
    extra = sorted(set(ours) - set(expected) - {"loss"})
    check(not extra, f"gradients of what is no parameter: {', '.join(extra)}")
    top = max(norm(value) for value in exact.values())
    worst, complaints = 0.0, []
    for name, value in expected.items():
        check(
            ours[name].shape == value.shape,
            f"gradient of {name} has shape {ours[name].shape}, not {value.shape}",
        )
        check(numpy.isfinite(ours[name]).all(), f"gradient of {name} is not finite")
        allowed = tolerance * norm(value)
        noise = norm(value.astype(numpy.float64) - exact[name])
        if noise > 0.25 * tolerance * norm(exact[name]):
            allowed = max(allowed, 20 * noise, 1e-6 * top)
        difference = norm(ours[name].astype(numpy.float64) - value)
        if not difference <= allowed:
            complaints.append(
                f"{name}: relative error {difference / max(norm(value), 1e-30):.2e}"
                f" (norm {norm(ours[name]):.3e}, PyTorch {norm(value):.3e})"
            )
        elif norm(value) > 1e-5 * top:
            worst = max(worst, difference / norm(value))
    check(not complaints, "\n    ".join(complaints[:8]))
    return worst


def compare_differences(case, executable, model, batch, folder, ours, count):
    """Central differences of the executable's own loss along a gradient.

    Moves one parameter at a time by +-h along its gradient's direction; the
    slope must be the gradient's norm. Of several h the best counts: a large
    one meets curvature and kinks, a small one rounding.
    """
    with reference.LOCK:
        _, parameters = case.module()
    values = {name: tensor.detach().numpy() for name, tensor in parameters.items()}
    names = sorted(values, key=lambda name: -norm(ours[name]))[:count]
    loss = abs(float(ours["loss"])) + 1e-3
    for name in names:
        length = norm(ours[name])
        if length < 1e-4 * loss:
            continue
        direction = ours[name].astype(numpy.float64) / length
        errors = []
        for step in (0.01, 0.002, 0.0005):
            h = step * loss / length
            h = min(h, 0.05 * (norm(values[name]) + 0.1))
            ends = []
            for sign in (1, -1):
                moved = folder / f"{model.stem}-moved.onnx"
                reference.patch(model, moved, {name: values[name] + sign * h * direction})
                result = gradients_of(executable, batch, folder, "moved", f"--init={moved}")
                ends.append(float(result["loss"]))
            slope = (ends[0] - ends[1]) / (2 * h)
            errors.append(abs(slope - length) / length)
            if errors[-1] < 0.01:
                break
        check(
            min(errors) < 0.02,
            f"finite differences along {name}: slope off by {100 * min(errors):.1f} %",
        )


def compare_forward(fracc, case, model, folder, output):
    """`fracc run` gives PyTorch's output."""
    inputs, outputs = folder / "in.npz", folder / "out.npz"
    numpy.savez(inputs, x=case.x)
    harness.run([fracc, "run", model, f"--inputs={inputs}", f"--outputs={outputs}"])
    with numpy.load(outputs) as arrays:
        check("out" in arrays.files, f"outputs are {arrays.files}, not out")
        result = arrays["out"]
    check(result.shape == output.shape, f"output has shape {result.shape}, not {output.shape}")
    difference = norm(result - output)
    check(difference <= 1e-4 * norm(output) + 1e-6, f"fracc run is off by {difference:.2e}")


def run_case(suite, case, options, root):
    """One case from the ONNX file to the verdict."""
    with suite.case(case.name, case.required) as info:
        folder = root / re.sub(r"[^\w.-]", "_", case.name)
        folder.mkdir(parents=True, exist_ok=True)
        model = folder / "model.onnx"
        with reference.LOCK:
            case.write(model)
            output, target, loss, expected = reference.reference(case)
            _, _, _, exact = reference.reference(case, target, torch.float64)
        batch = folder / "batch.npz"
        numpy.savez(batch, x=case.x, y=target)
        recipe_file = folder / "recipe.toml"
        recipe_file.write_text(recipe(case.loss))
        executable = harness.compile_model(
            options.fracc, model, folder / "program", f"--recipe={recipe_file}",
            f"--batch={case.planned or len(case.x)}",
        )  # fmt: skip
        ours = gradients_of(executable, batch, folder, "gradients")
        check("loss" in ours, "the loss is not in the file")
        check(
            abs(float(ours["loss"]) - loss) <= 1e-4 * abs(loss) + 1e-6,
            f"loss {float(ours['loss'])}, PyTorch {loss}",
        )
        worst = compare_gradients(ours, expected, exact, case.tolerance)
        if case.differences and options.differences:
            compare_differences(
                case, executable, model, batch, folder, ours, options.differences
            )
        if case.forward and options.forward:
            compare_forward(options.fracc, case, model, folder, output)
        info["note"] = f"worst {worst:.1e}"
        if not options.keep:
            executable.unlink()


def compare_model(options):
    """The third form of the command line."""
    model, batch, wanted = options.files
    suite = harness.Suite("oracle.model")
    with harness.workspace(options.keep) as root, suite.case(model.stem) as info:
        with numpy.load(batch) as arrays:
            count = len(arrays["x"])
        with numpy.load(wanted) as arrays:
            expected = {name: arrays[name] for name in arrays.files if name != "loss"}
        recipe_file = root / "recipe.toml"
        recipe_file.write_text(recipe(options.loss))
        executable = harness.compile_model(
            options.fracc, model, root / "program", f"--recipe={recipe_file}", f"--batch={count}"
        )
        ours = gradients_of(executable, batch.resolve(), root, "gradients")
        exact = {name: value.astype(numpy.float64) for name, value in expected.items()}
        info["note"] = f"worst {compare_gradients(ours, expected, exact, 1e-4):.1e}"
    return suite.finish()


def main():
    parser = harness.arguments(__doc__)
    parser.add_argument("--suite", choices=["networks", "operators", "large", "all"], default="all")
    parser.add_argument(
        "--differences", type=int, default=2, metavar="N",
        help="parameters a case to check by finite differences (0: none)",
    )  # fmt: skip
    parser.add_argument(
        "--no-forward", dest="forward", action="store_false", help="skip `fracc run`"
    )
    parser.add_argument("--jobs", type=int, default=2, help="cases at a time")
    parser.add_argument("--list", action="store_true", help="print the cases and stop")
    parser.add_argument("--loss", default="softmax-cross-entropy", help="with `model`")
    parser.add_argument("command", nargs="?", choices=["model"])
    parser.add_argument("files", nargs="*", type=Path, help="MODEL BATCH GRADIENTS")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.command:
        if len(options.files) != 3:
            parser.error("model takes MODEL.onnx BATCH.npz GRADIENTS.npz")
        return compare_model(options)
    if not options.fracc.exists() and not options.list:
        raise SystemExit(f"error: no compiler at {options.fracc}")

    cases = []
    if options.suite in ("operators", "all"):
        cases += operator_cases.cases()
    if options.suite in ("networks", "all"):
        cases += networks_cases.cases()
    if options.suite == "large":
        cases += networks_cases.large()
    cases = [case for case in cases if re.search(options.only, case.name)]
    if options.list:
        for case in cases:
            print(case.name, "required" if case.required else "")
        return 0
    suite = harness.Suite("oracle." + options.suite)
    with harness.workspace(options.keep) as root, ThreadPoolExecutor(options.jobs) as pool:
        for outcome in [pool.submit(run_case, suite, case, options, root) for case in cases]:
            outcome.result()
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
