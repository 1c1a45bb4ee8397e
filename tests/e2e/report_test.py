#!/usr/bin/python3
# Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes pages of reports with `fracc report`.

    report_test.py --fracc=build/bin/fracc [--only=REGEX]

Pages are well-formed, show the report's numbers, and need no other file; broken
reports give one line and no page.
"""

import copy
import html.parser
import json
import os
import random
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import training
from harness import MODELS, check
from training import harness

case = harness.Cases()
XHTML = "{http://www.w3.org/1999/xhtml}"


class Bench:
    """A folder and the report of a run of three epochs, trained once."""

    def __init__(self, fracc, folder):
        self.fracc = fracc
        self.folder = folder
        data = training.write_npz(folder, train=96, test=32)
        program = harness.compile_model(
            fracc, MODELS / "resnet8.onnx", folder / "program", "--batch=32",
            "--set", "precision.policy=pfq", "--set", "precision.forward=[4,8]",
            "--set", "precision.backward=[6,8]", "--set", "precision.interval=1",
            "--set", "precision.pfq.epsilon=10", "--set", "precision.pfq.warmup=1",
            "--set", "precision.pfq.turning_points=1",
        )
        self.report = folder / "report.json"
        training.train(program, data, "--epochs=3", f"--report={self.report}")
        self.content = training.report(self.report)

    def page(self, *reports, status=0):
        """The root of the page of these reports, checked by both parsers."""
        target = self.folder / "page.html"
        harness.run([self.fracc, "report", *reports, "-o", target], status=status)
        text = target.read_text(encoding="utf-8")
        parser = html.parser.HTMLParser()
        parser.feed(text)
        parser.close()
        return ElementTree.fromstring(text)

    def write(self, name, content):
        """A file with a report or with any text."""
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path


def cell(element):
    """The exact number of a cell of a table; None where nothing is known."""
    data = element.find(f"{XHTML}data")
    if data is not None:
        return float(data.get("value"))
    return None if element.get("class") == "none" else float(element.text)


def table(page, title):
    """The table of a chart: {name of the row: {name of the column: number}}."""
    for figure in page.iter(f"{XHTML}figure"):
        heading = figure.find(f"{XHTML}figcaption/{XHTML}h3").text
        if not heading.startswith(title):
            continue
        names = [th.text for th in figure.findall(f".//{XHTML}thead//{XHTML}th")]
        rows = {}
        for row in figure.findall(f".//{XHTML}tbody/{XHTML}tr"):
            cells = [cell(td) for td in row.findall(f"{XHTML}td")]
            rows[row.find(f"{XHTML}th").text] = dict(zip(names[1:], cells))
        return rows
    raise harness.Failure(f"no chart '{title}'")


def facts(page):
    """The lists of the page's head: {name: exact number or text}."""
    found = {}
    for entry in page.iter(f"{XHTML}div"):
        name, value = entry.find(f"{XHTML}dt"), entry.find(f"{XHTML}dd")
        if name is None or value is None:
            continue
        data = value.find(f"{XHTML}data")
        found[name.text] = value.text if data is None else float(data.get("value"))
    return found


def gated(content):
    """The same report with gates and energy."""
    content = copy.deepcopy(content)
    content["candidates"] = [{"forward": 0, "backward": 0}, {"forward": 3, "backward": 6}]
    for i, epoch in enumerate(content["epochs"]):
        epoch["blocks"] = {"layer1": {"choices": [0.25 * i, 1 - 0.25 * i]}}
        epoch["target_cp"] = 3.0
        epoch["cp"] = {"total": 2.5 + i, "forward": 1.0, "error": 3.0, "weight_gradient": 3.5}
        epoch["energy_j"] = {"forward": 0.1 + i, "error": 0.2, "weight_gradient": 0.3}
        epoch["accelerator_seconds"] = 0.125
    content["totals"].update(energy_j=4.8, accelerator_seconds=0.375)
    return content


@case
def numbers_are_those_of_the_report(bench):
    page = bench.page(bench.report)
    head = facts(page)
    totals = bench.content["totals"]
    check(head["best test accuracy"] == bench.content["best_test_accuracy"], "best accuracy")
    check(head["bit-MACs"] == totals["bitmacs"], "total of bit-MACs")
    check(head["wall time"] == totals["wall_seconds"], "wall time")
    check(head["memory at its peak"] == totals["peak_rss_bytes"], "memory")
    check(head["precision policy"] == "pfq" and head["batch"] == "32", "facts of the run")
    accuracy, loss = table(page, "Accuracy"), table(page, "Loss")
    bitmacs, time = table(page, "Bit-MACs"), table(page, "Time an epoch")
    errors = table(page, "Widths of errors")
    check(len(accuracy) == len(bench.content["epochs"]) == 3, "three epochs")
    for epoch in bench.content["epochs"]:
        row = str(epoch["epoch"])
        check(accuracy[row]["test"] == epoch["test_accuracy"], f"test accuracy of {row}")
        check(accuracy[row]["train"] == epoch["train_accuracy"], f"train accuracy of {row}")
        check(loss[row]["test"] == epoch["test_loss"], f"test loss of {row}")
        check(loss[row]["train"] == epoch["train_loss"], f"train loss of {row}")
        check(bitmacs[row]["weight gradient"] == epoch["bitmacs"]["weight_gradient"], "bit-MACs")
        check(time[row]["wall"] == epoch["seconds"], f"seconds of {row}")
        for symbol, widths in epoch["precision"].items():
            layer, _, role = symbol.rpartition(".")
            if role == "error":
                check(errors[layer][row] == widths["bits"], f"bits of {symbol}")


@case
def stages_are_marked_in_every_chart(bench):
    stages = [epoch["stage"] for epoch in bench.content["epochs"]]
    check(stages[0] != stages[-1], f"the run has one stage: {stages}")
    changes = 1 + sum(a != b for a, b in zip(stages, stages[1:]))
    page = bench.page(bench.report)
    figures = list(page.iter(f"{XHTML}figure"))
    check(len(figures) == 12, f"{len(figures)} charts")
    for figure in figures:
        marks = [path for path in figure.iter(f"{XHTML}path") if path.get("class") == "stage"]
        check(len(marks) == changes, f"{len(marks)} marks for {changes} stages")


def unmetered(content):
    """The report of a program that was not told of an accelerator."""
    content = json.loads(json.dumps(content))
    for epoch in content["epochs"]:
        epoch["energy_j"] = {product: None for product in epoch["energy_j"]}
        epoch["accelerator_seconds"] = None
    content["totals"]["energy_j"] = content["totals"]["accelerator_seconds"] = None
    return content


@case
def gates_and_energy(bench):
    content = gated(bench.content)
    page = bench.page(bench.write("gated.json", content))
    choices = table(page, "Choices of the gates")
    check(choices["layer1, skip"]["3"] == 0.5, "fraction of skipped blocks")
    check(choices["layer1, 3 / 6 bits"]["2"] == 0.75, "fraction of a candidate")
    check(table(page, "Cost paid")["3"]["paid, in all"] == 4.5, "cost paid")
    check(table(page, "Energy an epoch")["2"]["forward"] == 1.1, "energy of a pass")
    check(facts(page)["energy of the accelerator"] == 4.8, "total of energy")
    absent = [p.text for p in page.iter(f"{XHTML}p") if p.get("class") == "absent"]
    check(not absent, f"left out: {absent}")


@case
def comparison(bench):
    other = bench.write("other.json", gated(bench.content))
    page = bench.page(bench.write("plain.json", unmetered(bench.content)), other)
    rows = table(page, "Test accuracy / % over bit-MACs")
    sums = 0
    for epoch in bench.content["epochs"]:
        row = rows[str(epoch["epoch"])]
        sums += sum(epoch["bitmacs"].values())
        check(abs(row["plain, bit-MACs"] - sums) <= 1e-12 * sums, "cumulative bit-MACs")
        check(row["other, accuracy"] == epoch["test_accuracy"], "accuracy")
    energy = table(page, "Test accuracy / % over energy")
    check(energy["1"]["plain, energy"] is None, "energy of a run without it")


def expect_error(bench, reports, *words, output="bad.html"):
    """Exit status 1, one line with all the words, and no page."""
    target = bench.folder / output
    process = harness.run([bench.fracc, "report", *reports, "-o", target], status=1)
    text = process.stderr.strip()
    check(len(text.splitlines()) == 1 and "error: " in text, f"not one line: {text}")
    for word in words:
        check(word in text, f"'{word}' is not in: {text}")
    left = [path.name for path in bench.folder.glob("bad.html*")]
    check(not left, f"left behind: {left}")


@case
def errors_of_users(bench):
    expect_error(bench, [bench.folder / "none.json"], "none.json: error: cannot be read")
    expect_error(bench, [bench.folder], "not a regular file")
    expect_error(bench, [bench.write("empty.json", "")], "not valid JSON")
    expect_error(bench, [bench.write("eval.json", {"test_loss": 1})], "epochs: is missing")
    expect_error(bench, [bench.report] * 9, "at most 8")
    expect_error(bench, [bench.report], "cannot be written", output="nowhere/bad.html")
    before = bench.report.read_bytes()
    expect_error(bench, [bench.report], "would be overwritten", output="report.json")
    check(bench.report.read_bytes() == before, "the report was changed")
    harness.run([bench.fracc, "report", bench.report], status=2)
    harness.run([bench.fracc, "report", "-o", "x.html"], status=2)


@case
def standard_output_and_pipes(bench):
    target = bench.folder / "page.html"
    harness.run([bench.fracc, "report", bench.report, "-o", target])
    text = target.read_text(encoding="utf-8")
    process = harness.run([bench.fracc, "report", bench.report, "-o", "-"])
    check(process.stdout == text, "standard output differs from the file")
    pipe = bench.folder / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        harness.run([bench.fracc, "report", bench.report, "-o", pipe])
        received = reader.communicate(timeout=60)[0]
    check(received.decode() == text, "the pipe got something else")
    check(pipe.is_fifo(), "the pipe was replaced by a file")


def mutate(generator, value):
    """The value with something in it broken."""
    odd = [None, True, -1, 1e308, -1e308, 0.5, "", "<&\u0000\u202e'\">", [], {}, [[]], {"": {}}]
    if isinstance(value, dict) and value and generator.random() < 0.85:
        key = generator.choice(list(value))
        value = dict(value)
        if generator.random() < 0.1:
            del value[key]
        else:
            value[key] = mutate(generator, value[key])
        return value
    if isinstance(value, list) and value and generator.random() < 0.85:
        value = list(value)
        index = generator.randrange(len(value))
        value[index] = mutate(generator, value[index])
        return value
    return generator.choice(odd)


@case
def broken_reports(bench):
    """A page that is well-formed, or one line; never a signal."""
    generator = random.Random(1)
    content = gated(bench.content)
    text = json.dumps(content).encode()
    pages = refused = 0
    for i in range(300):
        broken = bytearray(text)
        if i % 3 == 0:
            for _ in range(generator.randint(1, 4)):
                broken[generator.randrange(len(broken))] = generator.randrange(256)
        elif i % 30 == 1:
            broken = broken[: generator.randrange(len(broken))]
        else:
            changed = content
            for _ in range(generator.randint(1, 3)):
                changed = mutate(generator, changed)
            broken = json.dumps(changed).encode()
        path = bench.write("broken.json", bytes(broken))
        process = harness.run([bench.fracc, "report", path, "-o", "-"], status=None)
        check(process.returncode in (0, 1), f"case {i}: exit status {process.returncode}")
        if process.returncode == 0:
            ElementTree.fromstring(process.stdout)
            check(not re.search(r"[>\"](nan|inf)\b", process.stdout), f"case {i}: no number")
            pages += 1
        else:
            lines = process.stderr.strip().splitlines()
            check(len(lines) == 1 and ": error: " in lines[0], f"case {i}: {process.stderr}")
            check(not process.stdout, f"case {i}: part of a page")
            refused += 1
    check(pages > 20 and refused > 20, f"{pages} pages, {refused} refused: not a fair mix")


if __name__ == "__main__":
    sys.exit(case.main("e2e.report", __doc__, Bench))
