#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trains small networks from the ONNX file to the exported one.

    train_test.py --fracc=build/bin/fracc [--only=REGEX]

Determinism, resuming, signals, short batches, exports, reports, event files,
data sources, and errors of users.
"""

import os
import re
import signal
import struct
import subprocess
import sys
import time

import numpy
import onnx
import training
from harness import FASHION_MNIST, MODELS, Failure, check
from training import harness

case = harness.Cases()


class Bench:
    """A folder, small data and executables compiled once."""

    def __init__(self, fracc, folder):
        self.fracc = fracc
        self.folder = folder
        self.data = training.write_npz(folder)
        self.programs = {}
        self.shared = {}  # results that several cases need

    def program(self, model="mobilenet-small", batch=32, *flags):
        """The executable of an example model."""
        key = (model, batch, flags)
        if key not in self.programs:
            out = self.folder / f"{model}-{batch}-{len(self.programs)}"
            self.programs[key] = harness.compile_model(
                self.fracc, MODELS / f"{model}.onnx", out, f"--batch={batch}", *flags
            )
        return self.programs[key]

    def trained(self, name, program, *flags, data=None):
        """Trains and gives the exported weights."""
        target = self.folder / f"{name}.onnx"
        training.train(program, data or self.data, f"--export={target}", *flags)
        return training.weights(target)


def expect_error(process, *words, status=(1,), lines=1):
    """One clear line that has all the words."""
    text = process.stderr.strip()
    check(process.returncode in status, f"exit status {process.returncode}: {text[-500:]}")
    check(text, "no message")
    check(len(text.splitlines()) <= lines, f"more than {lines} lines: {text}")
    check("error" in text, f"not an error message: {text}")
    for word in words:
        check(word.lower() in text.lower(), f"'{word}' is not in: {text}")


@case
def same_seed_same_bits(bench):
    program = bench.program()
    runs = [
        bench.trained(f"seed-{i}", program, "--iterations=25", f"--seed={seed}")
        for i, seed in enumerate([1, 1, 2])
    ]
    different = training.same_bits(runs[0], runs[1])
    check(different is None, f"{different} differs between two runs of one seed")
    check(training.same_bits(runs[0], runs[2]) is not None, "another seed gives the same weights")


@case
def same_seed_same_bits_with_augmentation(bench):
    program = bench.program()
    runs = [
        bench.trained(f"augment-{i}", program, "--iterations=12", "--seed=1", "--augment=cifar")
        for i in range(2)
    ]
    different = training.same_bits(*runs)
    check(different is None, f"{different} differs between two runs of one seed")


def started(bench, program, *flags):
    """A training run in the background that checkpoints every 8 steps."""
    command = [program, "train", f"--data={bench.data}", "--threads=2", "--checkpoint-every=8"]
    return subprocess.Popen(
        [str(word) for word in [*command, *flags]],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, **training.PATIENT},
    )  # fmt: skip


def wait_for(path, process, seconds=60):
    """Waits until a file is there while the process runs."""
    end = time.monotonic() + seconds
    while not path.exists():
        check(process.poll() is None, f"ended with {process.poll()} before {path.name} was there")
        check(time.monotonic() < end, f"no {path.name} after {seconds} s")
        time.sleep(0.01)


def interrupt(bench, number, status):
    """A run that a signal ends, and its continuation, end as an undisturbed
    one: bit for bit."""
    program = bench.program()
    flags = ["--iterations=300", "--seed=4"]
    if "calm" not in bench.shared:
        bench.shared["calm"] = bench.trained("calm", program, *flags)
    checkpoint = bench.folder / f"signal-{number}.ckpt"
    flags.append(f"--checkpoint={checkpoint}")
    process = started(bench, program, *flags)
    wait_for(checkpoint, process)
    process.send_signal(number)
    process.wait(30)
    check(process.returncode == status, f"exit status {process.returncode}, not {status}")
    check(checkpoint.exists(), "no checkpoint is left")
    before = checkpoint.read_bytes()
    evaluation = [program, "eval", f"--data={bench.data}", f"--init={checkpoint}"]
    check(harness.run(evaluation).stdout.strip(), "eval of the checkpoint prints nothing")
    check(checkpoint.read_bytes() == before, "eval changed the checkpoint")
    target = bench.folder / f"continued-{number}.onnx"
    training.train(program, bench.data, *flags, "--resume", f"--export={target}")
    different = training.same_bits(bench.shared["calm"], training.weights(target))
    check(different is None, f"{different} differs from the undisturbed run")


@case
def killed_run_resumes(bench):
    interrupt(bench, signal.SIGKILL, -signal.SIGKILL)


@case
def sigint_leaves_a_checkpoint(bench):
    interrupt(bench, signal.SIGINT, 130)


@case
def sigterm_leaves_a_checkpoint(bench):
    interrupt(bench, signal.SIGTERM, 130)


@case
def learns(bench):
    path = bench.folder / "learns.json"
    training.train(
        bench.program("resnet8"), bench.data, "--epochs=14", "--lr=0.05", "--seed=1", f"--report={path}"
    )
    first, *_, last = training.report(path)["epochs"]
    check(last["train_loss"] < 0.5 * first["train_loss"], f"train loss {last['train_loss']}")
    check(last["train_accuracy"] > 0.7, f"train accuracy {last['train_accuracy']}")
    check(last["test_accuracy"] > 0.4, f"test accuracy {last['test_accuracy']}")


@case
def report_has_the_documented_keys(bench):
    path = bench.folder / "report.json"
    training.train(bench.program("resnet8"), bench.data, "--epochs=2", "--seed=6", f"--report={path}")
    report = training.report(path)
    for key in ("model", "recipe", "seed", "threads", "batch", "epochs", "totals",
                "best_test_accuracy"):  # fmt: skip
        check(key in report, f"no {key}")
    check(len(report["epochs"]) == 2, f"{len(report['epochs'])} epochs")
    for key, value in [("seed", 6), ("threads", 2), ("batch", 32)]:
        check(report[key] == value, f"{key} is {report[key]}")
    row = report["epochs"][1]
    for key in ("epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy", "seconds",
                "step_ms_median", "lr", "stage", "target_cp", "precision", "macs", "bitmacs",
                "energy_j", "accelerator_seconds"):  # fmt: skip
        check(key in row, f"no {key} in an epoch")
    check(row["epoch"] == 2, "epochs count from 1")
    for key in ("wall_seconds", "peak_rss_bytes", "bitmacs", "energy_j", "accelerator_seconds"):
        check(key in report["totals"], f"no {key} in the totals")
    check(report["totals"]["peak_rss_bytes"] > 1e6, "peak memory is no number of bytes")
    best = max(epoch["test_accuracy"] for epoch in report["epochs"])
    check(abs(report["best_test_accuracy"] - best) < 1e-9, "best accuracy is not the best")
    # ResNet-8 on one channel: 12.21 M multiply-accumulates a sample and pass.
    forward = row["macs"]["forward"]
    check(abs(forward / (320 * 12205696) - 1) < 1e-3, f"forward MACs of an epoch: {forward}")


@case
def export_is_valid_and_predicts_the_same(bench):
    program = bench.program("resnet8", 32)
    target, path = bench.folder / "export.onnx", bench.folder / "export.json"
    training.train(
        program, bench.data, "--epochs=2", "--lr=0.05", "--seed=2", f"--export={target}",
        f"--report={path}", "--normalize=none",
    )  # fmt: skip
    model = onnx.load(str(target))
    onnx.checker.check_model(model)
    source = onnx.load(str(MODELS / "resnet8.onnx"))
    check(
        [n.op_type for n in model.graph.node] == [n.op_type for n in source.graph.node],
        "the graph is not the user's own",
    )
    before, after = training.weights(MODELS / "resnet8.onnx"), training.weights(target)
    check(list(before) == list(after), "the initializers have other names")
    unchanged = [name for name in after if (before[name] == after[name]).all()]
    check(not unchanged, f"training did not change {unchanged}")
    reported = training.report(path)["epochs"][-1]
    loss, accuracy = evaluate(bench, program, target)
    check(abs(loss - reported["test_loss"]) < 2e-6, f"eval {loss}, reported {reported}")
    check(abs(accuracy - reported["test_accuracy"]) < 1e-4, f"eval {accuracy}, {reported}")
    try:
        import torch
    except ImportError:
        return
    sys.path.insert(0, str(MODELS))
    import networks

    with numpy.load(bench.folder / "test.npz") as test:
        x, y = test["x"], test["y"]
    network, _ = networks.make("resnet8", 1)
    state = {name: torch.from_numpy(value.copy()) for name, value in after.items()}
    network.load_state_dict(state, strict=False)
    network.eval()
    with torch.no_grad():
        logits = network(torch.from_numpy(x))
    theirs = torch.nn.functional.cross_entropy(logits, torch.from_numpy(y)).item()
    check(abs(loss - theirs) < 1e-4, f"loss {loss}, PyTorch {theirs}")
    # The graph says training mode: run as ONNX defines it, on this batch.
    inputs, outputs = bench.folder / "in.npz", bench.folder / "out.npz"
    numpy.savez(inputs, x=x)
    harness.run([bench.fracc, "run", target, f"--inputs={inputs}", f"--outputs={outputs}"])
    network.train()
    with torch.no_grad():
        expected = network(torch.from_numpy(x)).numpy()
    with numpy.load(outputs) as arrays:
        difference = numpy.abs(arrays["logits"] - expected).max()
    check(difference < 1e-3, f"PyTorch predicts otherwise, by {difference}")


def evaluate(bench, program, weights, data=None):
    """Loss and accuracy that `OUT eval` prints for a file of weights."""
    process = harness.run(
        [program, "eval", f"--data={data or bench.data}", f"--init={weights}", "--threads=1",
         "--normalize=none"]
    )  # fmt: skip
    match = re.search(r"loss (\S+) accuracy (\S+)", process.stdout)
    check(match, f"eval prints {process.stdout.strip()}")
    return float(match.group(1)), float(match.group(2))


@case
def init_takes_an_export(bench):
    program = bench.program()
    target = bench.folder / "init-source.onnx"
    path = bench.folder / "init-source.json"
    training.train(
        program, bench.data, "--epochs=2", "--seed=2", f"--export={target}", f"--report={path}"
    )
    reported = training.report(path)["epochs"][-1]["test_accuracy"]
    accuracy = evaluate(bench, program, target)[1]
    check(abs(accuracy - reported) < 1e-4, f"eval {accuracy}, training reported {reported}")


@case
def short_last_batch_is_exact(bench):
    x, y = training.images(37, seed=8)
    test_x, test_y = training.images(29, seed=9)
    numpy.savez(bench.folder / "short.npz", x=x, y=y)
    numpy.savez(bench.folder / "short-test.npz", x=test_x, y=test_y)
    data = f"npz:{bench.folder / 'short.npz'},{bench.folder / 'short-test.npz'}"
    # One step on all 37 samples, planned for 37 and for more.
    losses, runs = [], []
    for batch in (37, 50):
        path = bench.folder / f"short-{batch}.json"
        runs.append(
            bench.trained(
                f"short-{batch}", bench.program("resnet8", batch), "--iterations=1", "--seed=1",
                f"--report={path}", "--normalize=none", data=data,
            )
        )  # fmt: skip
        losses.append(training.report(path)["epochs"][-1])
    for name, value in runs[0].items():
        scale = numpy.abs(value).max() + 1e-6
        difference = numpy.abs(value - runs[1][name]).max()
        check(difference <= 1e-5 * scale, f"{name} differs by {difference} of {scale}")
    for key in ("train_loss", "test_loss", "test_accuracy"):
        a, b = losses[0][key], losses[1][key]
        check(abs(a - b) <= 1e-5 * abs(a) + 1e-7, f"{key}: {a} and {b}")
    # 29 samples as 16 + 13 have the mean loss and accuracy of 29 at once.
    weights = bench.folder / "short-37.onnx"
    a, b = (evaluate(bench, bench.program("resnet8", n), weights, data) for n in (16, 50))
    check(a[1] == b[1] and abs(a[0] - b[0]) < 1e-5 * a[0], f"evaluations differ: {a} and {b}")


@case
def diverged_run_says_so(bench):
    checkpoint = bench.folder / "diverged.ckpt"
    process = training.train(
        bench.program("lenet"), bench.data, "--iterations=400", "--lr=1e18", "--seed=1",
        f"--checkpoint={checkpoint}", "--checkpoint-every=1", status=3,
    )  # fmt: skip
    expect_error(process, status=(3,))


@case
def event_files_are_records(bench):
    folder = bench.folder / "events"
    training.train(bench.program(), bench.data, "--epochs=2", f"--log-dir={folder}")
    files = list(folder.rglob("*tfevents*"))
    check(len(files) == 1, f"{len(files)} event files")
    records = list(read_records(files[0].read_bytes()))
    check(b"brain.Event:2" in records[0], "the first record is not the version")
    check(len(records) >= 3, f"{len(records)} records of two epochs")
    check(any(b"loss" in record for record in records), "no loss among the records")


def crc32c(data):
    """The Castagnoli checksum."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    """A checksum as record files hold it."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def read_records(data):
    """The records of a file, with both checksums of each verified."""
    position = 0
    while position < len(data):
        header = data[position : position + 8]
        (length,) = struct.unpack("<Q", header)
        (header_crc,) = struct.unpack_from("<I", data, position + 8)
        check(header_crc == masked(header), "checksum of a length")
        body = data[position + 12 : position + 12 + length]
        (body_crc,) = struct.unpack_from("<I", data, position + 12 + length)
        check(body_crc == masked(body), "checksum of a record")
        yield body
        position += 16 + length


def one_step(bench, program, data, *flags):
    """One step on a data source."""
    path = bench.folder / "one-step.json"
    training.train(program, data, "--iterations=1", f"--report={path}", *flags)
    loss = training.report(path)["epochs"][-1]["train_loss"]
    check(numpy.isfinite(loss) and 0 < loss < 20, f"loss {loss}")


@case
def data_idx(bench):
    for packed in (False, True):
        folder = bench.folder / f"idx-{packed}"
        folder.mkdir()
        data = training.write_idx(folder, packed=packed)
        one_step(bench, bench.program(), data, "--normalize=dataset")


@case
def data_cifar(bench):
    folder = bench.folder / "cifar10"
    folder.mkdir()
    program = bench.program()
    data = training.write_cifar10(folder)
    one_step(bench, program, data, "--normalize=dataset", "--augment=cifar")
    one_step(bench, program, data, "--normalize=0.49,0.48,0.45:0.25,0.24,0.26")


@case
def data_synthetic(bench):
    one_step(bench, bench.program(), "synthetic:64")
    one_step(bench, bench.program(), "synthetic:64:10")


@case
def fashion_mnist_starts_to_learn(bench):
    if not FASHION_MNIST.exists():
        return
    path = bench.folder / "fashion.json"
    # At a constant rate of 0.1 the accuracy of one step or another is anything
    # from 0.5 to 0.8.
    training.train(
        bench.program("resnet8", 64), f"idx:{FASHION_MNIST}", "--normalize=dataset",
        "--iterations=300", "--seed=1", "--set=schedule.kind=cosine", f"--report={path}",
    )  # fmt: skip
    accuracy = training.report(path)["epochs"][-1]["test_accuracy"]
    check(accuracy > 0.75, f"test accuracy {accuracy} after 300 steps")


@case
def info_and_inspect_tell(bench):
    text = harness.run([bench.program("resnet8"), "info"]).stdout
    check("layer1.0.conv1.weight" in text, f"no parameter in info: {text[:300]}")
    text = harness.run([bench.fracc, "inspect", MODELS / "resnet8.onnx"]).stdout
    for word in ("logits", "77,754", "12,206,720"):
        check(word in text, f"no {word} in inspect: {text[:300]}")


@case
def help_names_every_flag(bench):
    text = harness.run([bench.fracc, "compile", "--help"]).stdout
    for flag in ("--recipe", "--batch", "--emit", "--batchnorm", "--trainable", "--frozen",
                 "--target-cpu", "--set"):  # fmt: skip
        check(flag in text, f"{flag} is not in fracc compile --help")
    text = harness.run([bench.program(), "train", "--help"]).stdout
    for flag in ("--data", "--augment", "--normalize", "--epochs", "--iterations", "--lr",
                 "--seed", "--threads", "--checkpoint", "--checkpoint-every", "--resume",
                 "--init", "--export", "--export-quantized", "--report", "--log-dir", "--set"):  # fmt: skip
        check(flag in text, f"{flag} is not in train --help")


def refused(bench, *flags):
    """A compilation that must fail, and leave no file."""
    out = bench.folder / "refused"
    command = [bench.fracc, "compile", MODELS / "mlp.onnx", "-o", out, *flags]
    process = harness.run(command, status=None)
    check(not out.exists(), "a failed compilation left its output")
    return process


@case
def unknown_flags_are_usage_errors(bench):
    for command in (
        [bench.fracc, "compile", "--no-such-flag"], [bench.fracc, "no-such-command"],
        [bench.program(), "train", "--no-such-flag"], [bench.program(), "no-such"],
    ):  # fmt: skip
        process = harness.run(command, status=None)
        check(process.returncode == 2, f"exit status {process.returncode} of {command[1:]}")
        check(process.stderr.strip(), f"no message of {command[1:]}")


@case
def unknown_recipe_keys_are_named(bench):
    recipe = bench.folder / "bad.toml"
    for text, words in [
        ("[optimizer]\nlearning = 0.1\n", ["optimizer", "learning"]),
        ('[optimizer]\nkind = "sdg"\n', ["sdg", "adam"]),
        ("[optimizer]\nlr = -0.5\n", ["lr", "-0.5"]),
        ('[optimizer]\nlr = "fast"\n', ["lr"]),
        ('[loss]\nkind = "hinge"\n', ["hinge", "mse"]),
        ('[schedule]\nkind = "stairs"\n', ["stairs", "cosine"]),
        ("[surprise]\nkind = 1\n", ["surprise"]),
        ("[optimizer\nlr = 1\n", ["bad.toml"]),
        ("", []),
    ]:
        recipe.write_text(text)
        if text:
            expect_error(refused(bench, f"--recipe={recipe}"), *words, status=(1, 2), lines=3)
    expect_error(refused(bench, "--recipe=/nowhere/at/all.toml"), "all.toml", status=(1, 2))
    expect_error(refused(bench, "--set", "optimizer.speed=3"), "speed", status=(1, 2))
    expect_error(refused(bench, "--set", "optimizer.lr=fast"), "lr", status=(1, 2))
    expect_error(refused(bench, "--batch=0"), "batch", status=(1, 2))
    expect_error(refused(bench, "--frozen=(["), "frozen", status=(1, 2), lines=2)


@case
def missing_files_are_named(bench):
    out = bench.folder / "refused"
    process = harness.run([bench.fracc, "compile", "/nowhere/m.onnx", "-o", out], status=None)
    expect_error(process, "m.onnx")
    program = bench.program()
    for flag in ("idx:/nowhere", "cifar10:/nowhere", "npz:/nowhere.npz"):
        expect_error(training.train(program, flag, "--iterations=1", status=None), "nowhere")
    process = training.train(program, "jpeg:/tmp", "--iterations=1", status=None)
    expect_error(process, "jpeg", status=(1, 2))
    expect_error(
        training.train(program, bench.data, "--iterations=1", "--init=/nowhere.onnx", status=None),
        "nowhere.onnx",
    )  # fmt: skip
    expect_error(
        training.train(
            program, bench.data, "--iterations=1", "--resume",
            f"--checkpoint={MODELS / 'resnet8.onnx'}", status=None,
        ),
        "resnet8.onnx",
    )  # fmt: skip


@case
def wrong_data_is_named(bench):
    x, y = training.images(8, 3)
    for name, arrays, words in [
        ("no-y", dict(x=x), ["y"]),
        ("lengths", dict(x=x, y=y[:5]), []),
        ("shape", dict(x=numpy.repeat(x, 2, 2), y=y), []),
        ("label", dict(x=x, y=y + 10), []),
        ("negative-label", dict(x=x, y=y - 20), []),
        ("empty", dict(x=x[:0], y=y[:0]), []),
    ]:
        path = bench.folder / f"wrong-{name}.npz"
        numpy.savez(path, **arrays)
        process = training.train(bench.program(), f"npz:{path}", "--iterations=1", status=None)
        try:
            expect_error(process, path.name, *words)
        except Failure as error:
            raise Failure(f"{name}: {error}") from None


@case
def checkpoint_of_another_model_is_refused(bench):
    checkpoint = bench.folder / "other.ckpt"
    training.train(bench.program("mlp"), bench.data, "--iterations=2", f"--checkpoint={checkpoint}")
    before = checkpoint.read_bytes()
    process = training.train(
        bench.program("resnet8"), bench.data, "--iterations=4", "--resume",
        f"--checkpoint={checkpoint}", status=None,
    )  # fmt: skip
    expect_error(process, "other.ckpt")
    check(checkpoint.read_bytes() == before, "the refused checkpoint was overwritten")


@case
def frozen_parameters_stay(bench):
    program = bench.program("mobilenet-small", 32, "--frozen=^features[.][0-3][.]")
    before = training.weights(MODELS / "mobilenet-small.onnx")
    after = bench.trained("frozen", program, "--iterations=3")
    for name, value in after.items():
        if "running" in name:
            continue
        frozen = re.match("^features[.][0-3][.]", name) is not None
        same = (before[name] == value).all()
        check(same == frozen, f"{name} is {'unchanged' if same else 'changed'}")


@case
def adam_and_clipping_and_schedules_learn(bench):
    for name, text in [
        ("adam", '[optimizer]\nkind = "adam"\nlr = 1e-3\n'),
        ("adamw", '[optimizer]\nkind = "adamw"\nlr = 1e-3\nweight_decay = 0.01\n'),
        ("nesterov", '[optimizer]\nkind = "sgd"\nlr = 0.05\nmomentum = 0.9\nnesterov = true\n'),
        ("linear", '[schedule]\nkind = "linear"\nwarmup = 5\n'),
        ("cosine", '[schedule]\nkind = "cosine"\nwarmup = 5\n'),
        ("piecewise", '[schedule]\nkind = "piecewise"\nmilestones = [20, 40]\nfactor = 0.1\n'),
    ]:  # fmt: skip
        recipe = bench.folder / f"{name}.toml"
        recipe.write_text(text)
        program = bench.program("lenet", 32, f"--recipe={recipe}")
        path = bench.folder / f"{name}.json"
        training.train(program, bench.data, "--epochs=6", "--seed=1", f"--report={path}")
        epochs = training.report(path)["epochs"]
        check(epochs[-1]["train_loss"] < epochs[0]["train_loss"], f"{name} does not learn")


if __name__ == "__main__":
    sys.exit(case.main("e2e.train", __doc__, Bench))
