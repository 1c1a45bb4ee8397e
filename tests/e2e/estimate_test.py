#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests `fracc estimate`: BitFusion's reference output as a table of shapes, the
published sums of whole networks from our own models, schedules, and refusals."""

import csv
import json
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import harness  # noqa: E402
from harness import check, run  # noqa: E402

GOLDEN = harness.ROOT / "tests" / "runtime" / "cost" / "bitfusion_golden.csv"
ACCELERATORS = harness.ROOT / "examples" / "accelerators"
INPUTS = ["K", "O", "S", "IC", "OC", "B", "im2col", "iprec", "wprec", "config"]

# One iteration at batch 128: bits of activations, weights and errors, then
# cycles and millijoules of each pass.
NETWORKS = [
    ("resnet20", "8/8/8", [(17961443, 57.0569), (20665599, 65.3941), (13923288, 41.4834)]),
    ("resnet38", "8/8/8", [(34255229, 109.2311), (36959385, 117.5683), (28100460, 83.4841)]),
    ("resnet74", "8/8/8", [(66842801, 213.5796), (69546957, 221.9168), (56454804, 167.4853)]),
    ("resnet38", "4/4/8", [(26551419, 84.9844), (30542408, 99.1457), (14909697, 50.4406)]),
    ("resnet38", "3/4/6", [(26164762, 83.2284), (29811114, 94.8031), (14084257, 44.5649)]),
    ("resnet74", "4/4/8", [(51066279, 164.0950), (57524216, 187.2718), (29868969, 101.1501)]),
]
PASSES = ["forward", "error", "weight_gradient"]


def read_csv(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def write_csv(path, columns, rows):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def equal_rows(rows, golden):
    """Checks every column of the reference output; integers are equal, energies
    to 1e-12. The tiling is one of several that cost the same."""
    check(len(rows) == len(golden), f"{len(rows)} rows, not {len(golden)}")
    check(list(rows[0]) == list(golden[0]), f"columns {list(rows[0])}")
    for place, (row, expected) in enumerate(zip(rows, golden)):
        for name, value in expected.items():
            if name in ("id", "net", "layer", "pass", "count", "config", "order"):
                continue
            if name.startswith("tile_"):
                continue
            good = row[name] == value
            if name.endswith("nJ") and value:
                good = abs(float(row[name]) / float(value) - 1) <= 1e-12
            check(good, f"row {place}: {name} is {row[name]}, not {value}")


def shapes(suite, fracc, folder):
    golden = read_csv(GOLDEN)
    with suite.case("shapes.all"):
        table = folder / "shapes.csv"
        write_csv(table, INPUTS, golden)
        process = run([fracc, "estimate", f"--shapes={table}", "-o", folder / "out.csv"])
        equal_rows(read_csv(folder / "out.csv"), golden)
        refused = sum(row["status"] == "unsupported_precision" for row in golden)
        check(
            process.stderr.count("is above the array's maximum of 8") == refused,
            f"{refused} reasons expected: {process.stderr[-500:]}",
        )
    with suite.case("shapes.accelerator-files"):
        rows = [dict(row, config=f"bitfusion-{row['config']}.toml") for row in golden[::7]]
        # A name without a folder is looked for beside the table.
        for row in rows:
            target = folder / row["config"]
            target.write_text((ACCELERATORS / row["config"]).read_text())
        write_csv(folder / "files.csv", INPUTS[::-1], rows)
        process = run([fracc, "estimate", f"--shapes={folder / 'files.csv'}"])
        (folder / "out.csv").write_text(process.stdout)
        equal_rows(read_csv(folder / "out.csv"), golden[::7])
    with suite.case("shapes.default-accelerator"):
        rows = [row for row in golden if row["config"] == "e16h"][:10]
        write_csv(folder / "default.csv", INPUTS[:-1], rows)
        process = run(
            [fracc, "estimate", f"--shapes={folder / 'default.csv'}", "--accelerator=e16h"]
        )
        (folder / "out.csv").write_text(process.stdout)
        equal_rows(read_csv(folder / "out.csv"), rows)
    with suite.case("shapes.extensions-are-marked"):
        rows = [row for row in golden if row["status"] != "ok"][:3]
        write_csv(folder / "wide.csv", INPUTS, rows)
        process = run(
            [fracc, "estimate", f"--shapes={folder / 'wide.csv'}", "--extension=wide_operands"]
        )
        (folder / "out.csv").write_text(process.stdout)
        for row in read_csv(folder / "out.csv"):
            check(row["status"] == "ok", row["status"])
            check(row["extensions"] == "wide_operands", row["extensions"])
    errors = [
        ("no-column", "K,O\n1,1\n", "has no column S, IC, OC, B, im2col, iprec, wprec"),
        ("no-number", golden_line(golden[0], K="three"), ":2: error: column 'K' has 'three'"),
        ("no-size", golden_line(golden[0], IC="0"), ":2: error: column 'IC' has 0"),
        ("no-config", golden_line(golden[0], config="none"), "is neither a file nor"),
        ("ragged", golden_line(golden[0]) + "1,2\n", ":3: error: has 2 fields"),
        ("quote", golden_line(golden[0]) + '"1\n', ":3: error: a double quote is not closed"),
        ("empty", "", "is empty"),
    ]
    for name, text, message in errors:
        with suite.case(f"shapes.{name}"):
            table = folder / "broken.csv"
            table.write_text(text)
            output = folder / "never.csv"
            process = run(
                [fracc, "estimate", f"--shapes={table}", "-o", output], status=1
            )
            check(message in process.stderr, process.stderr)
            check(not output.exists() and not process.stdout, "an output was left")


def golden_line(row, **changes):
    row = dict(row, **changes)
    return ",".join(INPUTS) + "\n" + ",".join(row[name] for name in INPUTS) + "\n"


def estimate(fracc, folder, model, *flags):
    """The JSON of an estimate."""
    path = folder / "estimate.json"
    process = run([fracc, "estimate", model, f"--json={path}", *flags])
    return json.loads(path.read_text()), process.stdout


def make_models(folder):
    script = harness.ROOT / "examples" / "models" / "make_models.py"
    names = sorted({network for network, _, _ in NETWORKS})
    run([sys.executable, script, f"--out={folder}", *names])


def networks(suite, fracc, folder):
    for network, widths, passes in NETWORKS:
        with suite.case(f"network.{network}.{widths}") as info:
            start = time.monotonic()
            found, table = estimate(
                fracc, folder, folder / f"{network}.onnx",
                f"--widths={widths}", "--mapping=reference",
            )
            seconds = time.monotonic() - start
            for name, (cycles, energy) in zip(PASSES, passes):
                sums = found["passes"][name]
                check(sums["total_cycles"] == cycles, f"{name}: {sums['total_cycles']} cycles")
                millijoules = sums["energy_nj"]["total"] * 1e-6
                check(abs(millijoules - energy) <= 5.1e-5, f"{name}: {millijoules} mJ")
            total = sum(cycles for cycles, _ in passes)
            check(found["total"]["total_cycles"] == total, "the total is no sum")
            check(re.search(rf"network +all .* {total} ", table), "not in the table")
            check(seconds <= 2, f"took {seconds:.1f} s")
            info["note"] = f"{seconds:.2f} s"


def gated(text, weight=4):
    return (
        f'[precision]\npolicy = "{text}"\nweight = {weight}\nkeep_float = []\n'
        "[precision.gate]\ntarget_cp = 3.0\ntarget_cp_step = 0.5\n"
    )


def savings(suite, fracc, folder):
    recipe = folder / "dfq.toml"
    recipe.write_text(gated("dfq"))
    # Of DFQ at cp 3 against 8/8/8: as published for its simulator, the batch
    # and every image as a matrix of windows.
    for batch, flags, energy, latency in [
        (128, [], 0.82, 0.80),
        (1, ["--im2col-all"], 0.84, 0.865),
    ]:
        for network in ("resnet38", "resnet74"):
            with suite.case(f"savings.{network}.batch-{batch}") as info:
                found, table = estimate(
                    fracc, folder, folder / f"{network}.onnx", f"--recipe={recipe}",
                    f"--batch={batch}", "--compare=8/8/8", "--mapping=reference", *flags,
                )
                ratios = found["baseline"]["energy_ratio"], found["baseline"]["cycles_ratio"]
                check(abs(ratios[0] - energy) < 0.01, f"energy {ratios[0]}")
                check(abs(ratios[1] - latency) < 0.01, f"latency {ratios[1]}")
                check("mixture" in " ".join(found["notes"]), "the mixture is not stated")
                check("against 8/8/8 throughout" in table, "not in the table")
                info["note"] = f"energy {ratios[0]:.3f}, latency {ratios[1]:.3f}"


def combine(parts, key):
    """The mean of totals by their shares."""
    return sum(share * found["total"][key] for share, found in parts)


def schedules(suite, fracc, folder):
    model = harness.MODELS / "resnet8.onnx"

    def at(widths):
        return estimate(fracc, folder, model, f"--widths={widths}")[0]

    with suite.case("schedule.pfq"):
        recipe = folder / "pfq.toml"
        recipe.write_text(
            '[precision]\npolicy = "pfq"\nforward = [4, 8]\nbackward = [6, 8]\nkeep_float = []\n'
        )
        found, _ = estimate(
            fracc, folder, model, f"--recipe={recipe}", "--stage-epochs=3,1",
            "--epochs=4", "--samples=1000", "--batch=128",
        )
        parts = [(0.75, at("4/4/6")), (0.25, at("8/8/8"))]
        for stage, (share, expected) in zip(found["stages"], parts):
            check(stage["share"] == share, f"share {stage['share']}")
            check(
                stage["total"]["total_cycles"] == expected["total"]["total_cycles"],
                "the cycles of a stage differ",
            )
        cycles = combine(parts, "total_cycles")
        check(abs(found["total"]["total_cycles"] / cycles - 1) < 1e-12, "the mean differs")
        training = found["training"]
        check(training["iterations"] == 4 * 8, f"{training['iterations']} iterations")
        check(
            abs(training["accelerator_seconds"] / (cycles * 32 / 500e6) - 1) < 1e-12,
            f"{training['accelerator_seconds']} s",
        )
        joules = sum(training["energy_j"][name] for name in PASSES)
        check(abs(training["energy_j"]["total"] / joules - 1) < 1e-12, "no sum")
    with suite.case("schedule.cpt"):
        recipe = folder / "cpt.toml"
        # A cycle of four steps: 4, 5 (rounded from 4.6), 6 and 7 bits.
        recipe.write_text(
            '[precision]\npolicy = "cpt"\nforward = [4, 8]\nbackward = 8\nkeep_float = []\n'
            "[precision.cpt]\ncycles = 2\n"
        )
        found, _ = estimate(fracc, folder, model, f"--recipe={recipe}", "--iterations=8")
        widths = [stage["widths"][0]["activation"] for stage in found["stages"]]
        check(widths == [4, 5, 6, 7], f"widths {widths}")
        parts = [(0.25, at(f"{bits}/{bits}/8")) for bits in widths]
        bitmacs = combine(parts, "bitmacs")
        check(abs(found["total"]["bitmacs"] / bitmacs - 1) < 1e-12, "bit-MACs differ")
    with suite.case("schedule.fractrain"):
        recipe = folder / "fractrain.toml"
        recipe.write_text(gated("fractrain").replace("3.0", "1.5"))
        found, _ = estimate(fracc, folder, model, f"--recipe={recipe}")
        names = [stage["name"] for stage in found["stages"]]
        check(names == ["cp 1.50 %", "cp 2.00 %", "cp 2.50 %", "cp 3.00 %"], f"{names}")
        check("below every candidate" in " ".join(found["notes"]), "1.5 % is not stated")
        for stage in found["stages"][1:]:
            cost = sum(
                part["share"]
                * (part["activation"] * 4 + part["error"] * 4 + part["activation"] * part["error"])
                for part in stage["widths"]
            )
            target = float(stage["name"].split()[1])
            check(abs(100 * cost / 3072 - target) < 1e-9, f"{stage['name']}: {100 * cost / 3072}")
    with suite.case("schedule.skipped") as info:
        # Half the cost of 4/4/8: half of the samples skip, where they can.
        recipe = folder / "skip.toml"
        recipe.write_text(
            gated("dfq").replace("3.0", f"{40 / 30.72}") + "forward = [0, 4]\nbackward = [0, 8]\n"
        )
        found, _ = estimate(fracc, folder, model, f"--recipe={recipe}")
        run([fracc, "inspect", model, f"--recipe={recipe}", f"--json={folder / 'inspect.json'}"])
        blocks = json.loads((folder / "inspect.json").read_text())["blocks"]
        skipped = {
            name for block in blocks if block["can_skip"] for name in block["contractions"]
        }
        whole = {(p["name"], p["pass"]): p["macs"] for p in at("4/4/8")["products"]}
        check(0 < len(skipped) < len(whole) / 3, f"{len(skipped)} layers can be skipped")
        for product in found["products"]:
            name = product["name"]
            share = product["macs"] / whole[name, product["pass"]]
            check(
                abs(share - (0.5 if name in skipped else 1)) < 1e-6,
                f"{share} of {name} is computed",
            )
        info["note"] = f"{len(skipped)} of {len(whole) // 3} layers"
    with suite.case("schedule.nothing-to-skip"):
        process = run(
            [fracc, "estimate", model, f"--recipe={recipe}",
             "--set=precision.gate.granularity=layer"],
            status=1,
        )  # fmt: skip
        check("no block that a sample can skip" in process.stderr, process.stderr)


def refusals(suite, fracc, folder):
    mobilenet = harness.MODELS / "mobilenet-small.onnx"
    with suite.case("refused.depthwise"):
        found, table = estimate(fracc, folder, mobilenet, "--widths=8")
        refused = [row for row in found["products"] if row["status"] != "ok"]
        check(refused and len(refused) == found["total"]["refused"], "none refused")
        for row in refused:
            check(row["energy_nj"] is None and row["total_cycles"] is None, f"{row}")
            check(row["reason"] and row["macs"] > 0, f"{row}")
        check("unsupported" in table and "in no sum of cycles or energy" in table, "not said")
    with suite.case("extended.depthwise"):
        found, table = estimate(
            fracc, folder, mobilenet, "--widths=8", "--extension=depthwise",
            "--extension=wide_operands", "--extension=groups",
        )
        check(found["total"]["refused"] == 0, f"{found['total']['refused']} refused")
        marked = [row for row in found["products"] if "depthwise" in row["extensions"]]
        check(marked, "no product is marked")
        check("[depthwise" in table, "not marked in the table")
        check(found["extensions"] == ["groups", "depthwise", "wide_operands"], "not listed")
    with suite.case("extended.elementwise"):
        lenet = harness.MODELS / "lenet.onnx"
        plain, _ = estimate(fracc, folder, lenet, "--widths=8")
        found, table = estimate(
            fracc, folder, lenet, "--widths=8", "--extension=elementwise", "--iterations=10"
        )
        extra = found["elementwise"]["energy_nj"]["total"]
        check(extra > 0 and found["elementwise"]["total_cycles"] > 0, "no work")
        total = plain["total"]["energy_nj"]["total"] + extra
        check(abs(found["total"]["energy_nj"]["total"] / total - 1) < 1e-12, "no sum")
        check("network, with elementwise work" in table, "not in the table")
        joules = found["training"]["energy_j"]
        check(abs(joules["elementwise"] / (extra * 1e-8) - 1) < 1e-12, f"{joules}")
    with suite.case("refused.float"):
        recipe = folder / "float.toml"
        recipe.write_text('[precision]\npolicy = "static"\n')
        found, _ = estimate(fracc, folder, harness.MODELS / "lenet.onnx", f"--recipe={recipe}")
        floats = [row for row in found["products"] if row["bits"]["left"] == 32]
        check(len(floats) == 3, f"{len(floats)} products in float")
        for row in floats:
            check(row["bitmacs"] == row["macs"], "float is 32 bits")
            check(row["energy_nj"] is None, "float has a cost")
        found, _ = estimate(
            fracc, folder, harness.MODELS / "lenet.onnx", f"--recipe={recipe}",
            "--cost-model=horowitz",
        )
        check(found["total"]["refused"] == 0, "horowitz takes floats")
    with suite.case("noted.no-policy"):
        found, table = estimate(fracc, folder, harness.MODELS / "lenet.onnx")
        check("8 bits are assumed" in found["notes"][0], f"{found['notes']}")
        check("note: the recipe quantizes nothing" in table, "not in the table")
        check(found["total"]["refused"] == 0 and found["total"]["total_cycles"] > 0, "no cost")
    lenet = harness.MODELS / "lenet.onnx"
    for name, flags, message in [
        ("widths", ["--widths=4/4"], "--widths: error: '4/4' is not ACTIVATIONS/WEIGHTS/ERRORS"),
        ("compare", ["--compare=1"], "--compare: error: '1' is not"),
        ("model", ["--cost-model=guess"], "there is no model 'guess'; known are bitfusion"),
        ("extension", ["--extension=speed"], "there is no extension 'speed'"),
        ("accelerator", ["--accelerator=gpu"], "gpu: error: is neither a file nor"),
        ("length", ["--epochs=3"], "needs both --epochs and --samples"),
        ("leakage", ["--accelerator=conf16", "--extension=leakage=maybe"], "cannot be 'maybe'"),
    ]:
        with suite.case(f"error.{name}"):
            output = folder / "never.json"
            process = run(
                [fracc, "estimate", lenet, f"--json={output}", *flags], status=1
            )
            check(message in process.stderr, process.stderr)
            check(process.stderr.count("\n") == 1, f"more than a line: {process.stderr}")
            check(not output.exists() and not process.stdout, "an output was left")
    with suite.case("error.usage"):
        run([fracc, "estimate"], status=2)
        run([fracc, "estimate", lenet, "--shapes=x.csv"], status=2)
        run([fracc, "estimate", lenet, "--mapping=worst"], status=2)


def zigzag(suite, fracc, folder):
    import onnx

    lenet, annotated = harness.MODELS / "lenet.onnx", folder / "zigzag.onnx"

    def widths_of(found):
        return {
            row["name"]: (row["bits"]["left"], row["bits"]["right"])
            for row in found["products"]
            if row["pass"] == "forward"
        }

    with suite.case("zigzag.export"):
        estimate(fracc, folder, lenet, "--widths=5/3/8", f"--export-zigzag={annotated}")
        model = onnx.load(annotated)
        original = onnx.load(lenet)
        count = 0
        for node, before in zip(model.graph.node, original.graph.node):
            added = {a.name: a.i for a in node.attribute if a.name.endswith("_size")}
            if node.op_type in ("Conv", "Gemm"):
                expected = {"act_size": 5, "weight_size": 3, "output_size": 32}
                check(added == expected, f"{node.name}: {added}")
                count += 1
            else:
                check(not added, f"{node.name}: {added}")
            del node.attribute[:]
            del before.attribute[:]
        check(count == 5, f"{count} nodes")
        check(list(model.graph.node) == list(original.graph.node), "the graph differs")
    with suite.case("zigzag.import"):
        model = onnx.load(annotated)
        for node in model.graph.node:
            for attribute in node.attribute:
                if node.name == "/conv2/Conv" and attribute.name == "weight_size":
                    attribute.i = 7
        onnx.save(model, folder / "changed.onnx")
        found, table = estimate(fracc, folder, folder / "changed.onnx")
        expected = {
            name: (5, 7 if name == "/conv2/Conv" else 3) for name in widths_of(found)
        }
        check(widths_of(found) == expected, f"{widths_of(found)}")
        check("5 layers have the widths that the model says" in table, "not said")
        errors = {row["bits"]["left"] for row in found["products"] if row["pass"] == "error"}
        check(errors == {8}, f"errors of {errors}")
        found, _ = estimate(fracc, folder, folder / "changed.onnx", "--widths=4")
        check(set(widths_of(found).values()) == {(4, 4)}, "--widths is not in force")
    with suite.case("zigzag.compile"):
        # The attributes are no obstacle to training.
        harness.compile_model(fracc, annotated, folder / "program")
    with suite.case("zigzag.bad-attribute"):
        model = onnx.load(annotated)
        model.graph.node[0].attribute[-1].i = 0
        onnx.save(model, folder / "bad.onnx")
        process = run([fracc, "estimate", folder / "bad.onnx"], status=1)
        check("is no number of bits from 1 to 64" in process.stderr, process.stderr)
        check("/conv1/Conv" in process.stderr, process.stderr)
    with suite.case("zigzag.several-widths"):
        recipe = folder / "pfq.toml"
        output = folder / "never.onnx"
        process = run(
            [fracc, "estimate", lenet, f"--recipe={recipe}", f"--export-zigzag={output}"],
            status=1,
        )
        check("more than one width for a layer" in process.stderr, process.stderr)
        check(not output.exists(), "an output was left")


def meter(suite, fracc, folder):
    model, samples, steps = harness.MODELS / "resnet8.onnx", 256, 4
    recipe = folder / "metered.toml"
    recipe.write_text(
        '[precision]\npolicy = "cpt"\nforward = [4, 8]\nbackward = 8\n'
        "[precision.cpt]\ncycles = 1\n"
    )
    program, path = folder / "metered", folder / "report.json"
    flags = [f"--recipe={recipe}", "--batch=64", "--accelerator=e"]
    command = [
        program, "train", f"--data=synthetic:{samples}", f"--iterations={steps}",
        f"--report={path}", "--threads=1",
    ]

    with suite.case("meter.equals-estimate") as info:
        harness.compile_model(fracc, model, program, *flags)
        process = run(command)
        report = json.loads(path.read_text())
        found, _ = estimate(fracc, folder, model, *flags, f"--iterations={steps}")
        expected = found["training"]
        epoch = report["epochs"][0]
        for name in PASSES:
            check(
                abs(epoch["energy_j"][name] / expected["energy_j"][name] - 1) < 1e-9,
                f"{name}: {epoch['energy_j'][name]} J, not {expected['energy_j'][name]}",
            )
        totals = report["totals"]
        seconds = expected["accelerator_seconds"]
        check(abs(totals["accelerator_seconds"] / seconds - 1) < 1e-9, "seconds differ")
        check(totals["to_best"]["epoch"] == 1, "the best epoch is not the only one")
        check(totals["to_best"]["energy_j"] == totals["energy_j"], "to_best differs")
        source = report["energy_source"]
        check(source["accelerator"] == "e" and source["model"] == "bitfusion", f"{source}")
        # The last layer is in float.
        check([entry["products"] for entry in source["refused"]] == [3], f"{source}")
        check("  accelerator " in process.stdout, process.stdout)
        info["note"] = f"{totals['energy_j']:.4f} J"
    with suite.case("meter.resumed"):
        constant = ["--set", "precision.policy=static", "--set", "precision.forward=6"]
        harness.compile_model(fracc, model, program, *flags, *constant)
        run(command)
        whole = json.loads(path.read_text())["totals"]["energy_j"]
        # From the middle of the epoch.
        checkpoint = f"--checkpoint={folder / 'metered.ckpt'}"
        shorter = [word for word in command if "iterations" not in str(word)]
        run([*shorter, "--iterations=3", checkpoint])
        part = json.loads(path.read_text())["totals"]["energy_j"]
        run([*command, checkpoint, "--resume"])
        resumed = json.loads(path.read_text())["totals"]["energy_j"]
        check(abs(part / (0.75 * whole) - 1) < 1e-9, f"{part} J of {whole} J in three steps")
        check(abs(resumed / whole - 1) < 1e-12, f"{resumed} J, not {whole} J")
    with suite.case("meter.extensions"):
        description = folder / "leaky.toml"
        text = (ACCELERATORS / "bitfusion-e.toml").read_text().replace('"e"', '"leaky"')
        description.write_text(text + "\n[extensions]\nleakage = true\nfloat_bits = 8\n")
        harness.compile_model(
            fracc, model, program, *flags[:2], f"--accelerator={description}"
        )
        run(command)
        source = json.loads(path.read_text())["energy_source"]
        check(source["accelerator"] == "leaky", f"{source}")
        check(source["extensions"] == ["leakage", "float_bits"], f"{source}")
        check(source["refused"] == [], f"{source}")
    with suite.case("meter.float"):
        harness.compile_model(fracc, model, program, "--batch=64")
        run(command)
        report = json.loads(path.read_text())
        check(report["totals"]["energy_j"] is None, "float has an energy")
        check("energy_source" not in report, "float has a source of energies")
    with suite.case("meter.bad-accelerator"):
        output = folder / "never"
        process = run(
            [fracc, "compile", model, "-o", output, "--accelerator=gpu"], status=1
        )
        check("gpu: error: is neither a file nor" in process.stderr, process.stderr)
        check(not output.exists(), "an output was left")


def main():
    options = harness.arguments(__doc__).parse_args()
    harness.require("onnx", "torch")
    suite = harness.Suite("estimate")
    with harness.workspace(options.keep) as folder:
        shapes(suite, options.fracc, folder)
        make_models(folder)
        networks(suite, options.fracc, folder)
        savings(suite, options.fracc, folder)
        schedules(suite, options.fracc, folder)
        refusals(suite, options.fracc, folder)
        zigzag(suite, options.fracc, folder)
        meter(suite, options.fracc, folder)
    return suite.finish()


if __name__ == "__main__":
    sys.exit(main())
