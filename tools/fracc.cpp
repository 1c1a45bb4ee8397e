//===- fracc.cpp - The compiler's command line
//---------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Driver.h"

#include <CLI/CLI.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace frac;

/// Names and values of an enumeration, in the order that help prints them.
template <typename EnumT>
using Names = std::vector<std::pair<std::string, EnumT>>;

static const Names<Stage> stages = {{"onnx-import", Stage::OnnxImport},
                                    {"backward", Stage::Backward},
                                    {"quantized", Stage::Quantized},
                                    {"lowered", Stage::Lowered},
                                    {"llvm", Stage::LLVM},
                                    {"obj", Stage::Object},
                                    {"exe", Stage::Executable}};

static const Names<BatchNormMode> batchNormModes = {
    {"keep", BatchNormMode::Keep}, {"unfold", BatchNormMode::Unfold}};

static const Names<TrainingMapping> trainingMappings = {
    {"best", TrainingMapping::Best}, {"reference", TrainingMapping::Reference}};

/// Adds an option that takes one of `names`; the first line of its help lists
/// them.
template <typename EnumT>
static CLI::Option *addChoice(CLI::App &command, const std::string &flag,
                              EnumT &value, const Names<EnumT> &names,
                              const std::string &description) {
  std::string list;
  for (const auto &entry : names)
    list += (list.empty() ? "" : "|") + entry.first;
  auto assign = [&value, &names, list](const std::string &text) {
    for (const auto &[name, candidate] : names)
      if (name == text) {
        value = candidate;
        return;
      }
    throw CLI::ValidationError("'" + text + "' is none of " + list);
  };
  return command.add_option_function<std::string>(flag, assign, description)
      ->type_name(list);
}

static void addModelOptions(CLI::App &command, ModelOptions &options) {
  command.add_option("model", options.modelPath, "The ONNX model")
      ->required()
      ->type_name("MODEL.onnx");
  addChoice(command, "--batchnorm", options.batchNorm, batchNormModes,
            "For a model whose BatchNormalization is folded into Conv: train "
            "it so (keep), or put normalization back (unfold)")
      ->default_str("keep");
  command
      .add_option("--trainable", options.trainable,
                  "Train only initializers whose name matches; default: "
                  "every float initializer but running statistics")
      ->type_name("REGEX");
  command
      .add_option("--frozen", options.frozen,
                  "Do not train initializers whose name matches")
      ->type_name("REGEX");
}

static void addRecipeOptions(CLI::App &command, ModelOptions &options) {
  command
      .add_option("--recipe", options.recipePath,
                  "Loss, optimizer, schedule and precision; default: softmax "
                  "cross-entropy, SGD with momentum 0.9, no quantization")
      ->type_name("FILE.toml");
  command
      .add_option("--set", options.overrides,
                  "Override one key of the recipe; repeatable")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command
      .add_option("--batch", options.batch,
                  "Largest batch the program is planned for")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 20))
      ->capture_default_str()
      ->type_name("N");
}

/// The names of every row, separated by bars.
template <typename RowsT>
static std::string joinNames(const RowsT &rows) {
  std::string list;
  for (const auto &row : rows)
    list += (list.empty() ? "" : "|") + std::string(row->name);
  return list;
}

/// What goes beyond the published model, one line a switch.
static std::string describeExtensions() {
  std::string text = "Go beyond the published model, marked in all output; "
                     "repeatable. NAME is one of";
  for (const CostExtensionInfo &info : costExtensions())
    text += std::string("\n  ") + info.name + ": " + info.summary + " (" +
            info.accepted + ")";
  return text;
}

static void addCostOptions(CLI::App &command, CostChoice &cost) {
  command
      .add_option("--accelerator", cost.accelerator,
                  "The hardware: a description, or a built-in one by name (e, "
                  "e16h, conf16); default: e, BitFusion's published sizes")
      ->type_name("FILE.toml");
  command.add_option("--cost-model", cost.model, "How costs are modelled")
      ->capture_default_str()
      ->type_name(joinNames(costModels()));
  command.add_option("--extension", cost.extensions, describeExtensions())
      ->allow_extra_args(false)
      ->type_name("NAME[=VALUE]");
}

static void addTargetOption(CLI::App &command, std::string &cpu) {
  command
      .add_option("--target-cpu", cpu,
                  "CPU to generate code for: native, or any name that LLVM "
                  "knows")
      ->capture_default_str()
      ->type_name("NAME");
}

static void addEstimateOptions(CLI::App &command, EstimateOptions &options) {
  addModelOptions(command, options);
  command.get_option("model")->required(false);
  addRecipeOptions(command, options);
  command
      .add_option("--shapes", options.shapesPath,
                  "Estimate the rows of a table in place of a model: K, O, S, "
                  "IC, OC, B, im2col, iprec, wprec and, if there, config")
      ->type_name("FILE.csv");
  addCostOptions(command, options.cost);
  addChoice(command, "--mapping", options.mapping, trainingMappings,
            "Products of the backward pass: strides in phases and gradients of "
            "weights in the cheaper form (best), or as in the published sums "
            "of whole networks (reference)")
      ->default_str("best");
  command.add_flag("--im2col-all", options.allWindows,
                   "Every image is written out as a matrix of windows; "
                   "default: the first convolution's alone");
  command
      .add_option("--widths", options.widths,
                  "Bits of activations, weights and errors of all products, in "
                  "place of the recipe's")
      ->type_name("A/W/E");
  command
      .add_option("--compare", options.compare,
                  "Compare with these widths throughout")
      ->type_name("A/W/E");
  command
      .add_option("--epochs", options.length.epochs,
                  "How long training is, for its total cost; with --samples")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command
      .add_option("--samples", options.length.samples, "Samples of an epoch")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 40))
      ->type_name("N");
  command
      .add_option("--iterations", options.length.iterations,
                  "How long training is, in place of epochs and samples")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 40))
      ->type_name("N");
  command
      .add_option("--stage-epochs", options.length.stages,
                  "How long each stage of a schedule is; default: all alike")
      ->delimiter(',')
      ->check(CLI::PositiveNumber)
      ->type_name("N,...");
  command
      .add_option("--export-zigzag", options.zigzagPath,
                  "Write a copy of the model whose nodes have the widths that "
                  "ZigZag reads: act_size, weight_size, output_size. They are "
                  "in force where a model has them, unless --widths is given")
      ->type_name("FILE.onnx");
  command.add_option("--json", options.jsonPath, "Write the table as JSON too")
      ->type_name("FILE");
  command
      .add_option("-o,--csv", options.csvPath,
                  "Write a row a product; with --shapes the default is "
                  "standard output")
      ->type_name("FILE");
}

int main(int argc, char **argv) {
  CLI::App app(
      "fracc compiles an ONNX model into an executable that trains it.",
      "fracc");
  app.require_subcommand(1);
  app.set_version_flag("--version", "fracc " FRACC_VERSION);
  app.footer("fracc COMMAND --help describes a command.");
  app.failure_message([](const CLI::App *, const CLI::Error &error) {
    return std::string("fracc: error: ") + error.what() +
           "; see fracc --help\n";
  });

  CompileOptions compileOptions;
  CLI::App *compile =
      app.add_subcommand("compile", "ONNX in, training executable out");
  addModelOptions(*compile, compileOptions);
  compile
      ->add_option("-o,--output", compileOptions.outputPath,
                   "The executable; with --emit the file that gets the "
                   "stage, default: standard output")
      ->type_name("OUT");
  addRecipeOptions(*compile, compileOptions);
  addChoice(*compile, "--emit", compileOptions.stage, stages,
            "Stop at a stage and print it")
      ->default_str("exe");
  addTargetOption(*compile, compileOptions.targetCpu);
  addCostOptions(*compile, compileOptions.cost);
  compile->add_flag("-v,--verbose", compileOptions.verbose,
                    "Tell how long each phase takes");

  RunOptions runOptions;
  CLI::App *run = app.add_subcommand("run", "Forward pass only, in process");
  addModelOptions(*run, runOptions);
  run->add_option("--inputs", runOptions.inputsPath,
                  "Arrays by the name of the graph's input")
      ->required()
      ->type_name("IN.npz");
  run->add_option("--outputs", runOptions.outputsPath,
                  "Arrays by the name of the graph's output")
      ->required()
      ->type_name("OUT.npz");
  addTargetOption(*run, runOptions.targetCpu);

  InspectOptions inspectOptions;
  CLI::App *inspect = app.add_subcommand(
      "inspect", "What is in a model, what trains, what is unsupported");
  addModelOptions(*inspect, inspectOptions);
  addRecipeOptions(*inspect, inspectOptions);
  inspect
      ->add_option("--json", inspectOptions.jsonPath,
                   "Write the summary as JSON too")
      ->type_name("FILE");

  EstimateOptions estimateOptions;
  CLI::App *estimate = app.add_subcommand(
      "estimate", "What training would cost on a bit-scalable accelerator");
  addEstimateOptions(*estimate, estimateOptions);

  TestOnnxOptions testOptions;
  CLI::App *test =
      app.add_subcommand("test-onnx", "Runs folders of ONNX's backend tests");
  test->add_option("folders", testOptions.folders,
                   "Folders with model.onnx and test_data_set_*, or folders of "
                   "such")
      ->required()
      ->type_name("DIR...");
  addTargetOption(*test, testOptions.targetCpu);

  ReportOptions reportOptions;
  CLI::App *report = app.add_subcommand(
      "report", "Makes a page with charts of what train --report wrote");
  report
      ->add_option("reports", reportOptions.reportPaths,
                   "One report for the page of a run; several to compare their "
                   "accuracies over what they cost")
      ->required()
      ->type_name("REPORT.json...");
  report
      ->add_option("-o,--output", reportOptions.outputPath,
                   "The page, one HTML file that needs no other; - is standard "
                   "output")
      ->required()
      ->type_name("OUT.html");

  try {
    app.parse(argc, argv);
    if (compile->parsed() && compileOptions.outputPath.empty() &&
        compileOptions.stage >= Stage::Object)
      throw CLI::RequiredError("-o");
    if (estimate->parsed() &&
        estimateOptions.modelPath.empty() == estimateOptions.shapesPath.empty())
      throw CLI::ValidationError("estimate takes MODEL.onnx or --shapes");
  } catch (const CLI::ParseError &error) {
    int status = app.exit(error);
    return status == 0 ? 0 : 2;
  }

  if (compile->parsed())
    return compileModel(compileOptions, argv[0]);
  if (report->parsed())
    return reportRuns(reportOptions);
  if (run->parsed())
    return runModel(runOptions);
  if (inspect->parsed())
    return inspectModel(inspectOptions);
  if (estimate->parsed())
    return estimateModel(estimateOptions);
  return testOnnx(testOptions);
}
