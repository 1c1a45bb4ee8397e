//===- CommandLine.cpp - The executable's command line --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/trainer/CommandLine.h"

#include "runtime/data/Dataset.h"
#include "runtime/program/Recipe.h"
#include "runtime/support/Error.h"
#include "runtime/trainer/Commands.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <limits>
#include <new>

namespace frac {

namespace {
constexpr int64_t manyTimes = int64_t{1} << 40;

const CLI::Range positive(int64_t{1}, manyTimes, "N >= 1");

void addData(CLI::App &command, Options &options) {
  command
      .add_option("--data", options.data,
                  "The dataset, one of:\n" + dataSourceHelp())
      ->type_name("SPEC");
  command
      .add_option("--normalize", options.normalize,
                  "none; dataset: mean and standard deviation of "
                  "each channel, computed from the training split; or "
                  "MEAN,...:STD,... with one number a channel or one for all. "
                  "Bytes are scaled to [0, 1] before. Holds for the first "
                  "input. Default: none, or what the checkpoint was trained "
                  "with, where eval and grad take the weights of one")
      ->type_name("SPEC");
  command
      .add_option("--batch", options.batch,
                  "Samples a step, at most what the program is planned for, "
                  "which is the default")
      ->check(positive)
      ->type_name("N");
  command
      .add_option("--seed", options.seed,
                  "Decides the order of samples, augmentation and synthetic "
                  "data (default 0). The same seed, data and number of threads "
                  "give the same bits")
      ->type_name("N");
  command
      .add_option("--init", options.init,
                  "Start from the weights in FILE, a checkpoint, an ONNX model "
                  "or an NPZ file; they are matched by initializer name")
      ->type_name("FILE");
}

void addThreads(CLI::App &command, Options &options) {
  command
      .add_option("--threads", options.threads,
                  "Worker threads (default: all cores)")
      ->check(CLI::Range(1, 4096, "N >= 1"))
      ->type_name("N");
}

void addSettings(CLI::App &command, Options &options) {
  command
      .add_option("--set", options.settings,
                  "Override a key of the recipe; may be repeated:\n" +
                      recipeKeyHelp())
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void addRate(CLI::App &command, Options &options) {
  command
      .add_option_function<double>(
          "--lr",
          [&options](const double &value) {
            char text[64];
            std::snprintf(text, sizeof text, "optimizer.lr=%.17g", value);
            options.settings.push_back(text);
          },
          "The learning rate; the same as --set optimizer.lr=X")
      ->type_name("X");
}

void addProfile(CLI::App &command, Options &options) {
  command.add_flag("--profile", options.profile,
                   "Print the contractions' kernels and their share of the "
                   "time afterwards");
}

void addExportQuantized(CLI::App &command, Options &options) {
  command
      .add_option("--export-quantized", options.quantizedPath,
                  "Write the model to FILE.onnx as it is evaluated: weights "
                  "as int8 and activations through QuantizeLinear, on the "
                  "grids of the widths of evaluation. For programs with a "
                  "precision policy")
      ->type_name("FILE");
}

void addTrain(CLI::App &command, Options &options) {
  addData(command, options);
  command
      .add_option("--augment", options.augment,
                  "Random changes of training images: none (default), or "
                  "cifar: pad 4 pixels, crop at random, mirror at random")
      ->check(CLI::IsMember({"none", "cifar"}))
      ->type_name("NAME");
  auto *epochs = command
                     .add_option("--epochs", options.epochs,
                                 "Passes over the training split (default " +
                                     std::to_string(defaultEpochs) + ")")
                     ->check(CLI::Range(int64_t{1}, int64_t{1} << 22, "N >= 1"))
                     ->type_name("N");
  command
      .add_option("--iterations", options.iterations,
                  "Steps, in place of --epochs")
      ->check(positive)
      ->type_name("N")
      ->excludes(epochs);
  addSettings(command, options);
  addRate(command, options);
  addThreads(command, options);
  command
      .add_option("--checkpoint", options.checkpoint,
                  "Save training to FILE at every end of an epoch and when it "
                  "is interrupted; an older file stays whole until the new one "
                  "is")
      ->type_name("FILE");
  command
      .add_option("--checkpoint-every", options.checkpointEvery,
                  "Save every N steps too")
      ->check(positive)
      ->type_name("N");
  command.add_flag("--resume", options.resume,
                   "Go on from --checkpoint, if it exists; the run ends in the "
                   "same bits as one that was never stopped");
  command
      .add_option("--export", options.exportPath,
                  "Write the trained model to FILE.onnx: the compiled model "
                  "with trained initializers and running statistics")
      ->type_name("FILE");
  addExportQuantized(command, options);
  command
      .add_option("--report", options.report,
                  "Write what happened to FILE.json")
      ->type_name("FILE");
  command
      .add_option("--log-dir", options.logFolder,
                  "Write TensorBoard event files to the folder DIR")
      ->type_name("DIR");
  command
      .add_option("--log-every", options.logEvery,
                  "Steps between two TensorBoard events of a step (default 10)")
      ->check(positive)
      ->type_name("N");
  command.add_flag("--quiet", options.quiet, "Show no progress");
  command.add_flag("--range-test", options.rangeTest,
                   "Look for the smallest width that is worth while, in place "
                   "of training: trains for --iterations (default 100) at each "
                   "width from 2 on, prints the accuracies and writes nothing");
  command
      .add_option("--range-test-max", options.rangeTestMax,
                  "The largest width of --range-test (default 8)")
      ->check(CLI::Range(minWidth, maxWidth, "2 <= N <= 16"))
      ->type_name("N");
  addProfile(command, options);
}

void addLoadCheckpoint(CLI::App &command, Options &options) {
  command
      .add_option("--checkpoint", options.checkpoint,
                  "Take the weights of this checkpoint, and its widths of "
                  "evaluation unless --set gives others")
      ->type_name("FILE");
}

void addEval(CLI::App &command, Options &options) {
  addData(command, options);
  addLoadCheckpoint(command, options);
  addSettings(command, options);
  addThreads(command, options);
  addProfile(command, options);
  addExportQuantized(command, options);
  command
      .add_option("--report", options.report, "Write the numbers to FILE.json")
      ->type_name("FILE");
}

void addGrad(CLI::App &command, Options &options) {
  command
      .add_option("--out", options.out,
                  "The archive to write: the array loss, and the gradient of "
                  "every parameter under the name of its ONNX initializer")
      ->type_name("FILE.npz");
  command
      .add_option("--iteration", options.gradIteration,
                  "The step, counted from 0 (the default), whose random "
                  "numbers and, with gates that learn from a part of the "
                  "samples, whose part is used")
      ->check(CLI::Range(int64_t{0}, manyTimes, "N >= 0"))
      ->type_name("N");
  addData(command, options);
  addLoadCheckpoint(command, options);
  addSettings(command, options);
  addRate(command, options);
  addThreads(command, options);
}

void addInfo(CLI::App &command, Options &options) {
  addSettings(command, options);
  addThreads(command, options);
}

using Command = int (*)(const Program &, const Options &);

/// The command line as an object.
class Parser {
public:
  explicit Parser(const std::string &name)
      : app("A training program that fracc compiled from an ONNX model.",
            name) {
    app.require_subcommand(1);
    app.set_version_flag("--version", FRAC_VERSION);
    app.failure_message([](const CLI::App *, const CLI::Error &error) {
      return "error: " + printable(error.what()) +
             "; see --help for what is accepted\n";
    });
    app.footer("OUT COMMAND --help lists the flags of a command.\n"
               "Exit status: 0 done, 1 bad input, 2 wrong usage, 3 training "
               "diverged, 130 interrupted.");
    addTrain(*add("train", "Train", runTrain), options);
    addEval(*add("eval", "Loss and accuracy on the test split", runEval),
            options);
    addGrad(*add("grad",
                 "Loss and gradients of one batch, without an update: the "
                 "first samples of the training split, not augmented",
                 runGrad),
            options);
    addInfo(*add("info",
                 "Parameters, memory plan, widths, contractions and their "
                 "kernels",
                 runInfo),
            options);
  }

  CLI::App app;
  Options options;
  Command chosen = nullptr;

private:
  CLI::App *add(const char *name, const char *help, Command command) {
    CLI::App *sub = app.add_subcommand(name, help);
    sub->callback([this, command] { chosen = command; });
    sub->get_formatter()->column_width(28);
    return sub;
  }
};
} // namespace

static int parseAndRun(const frac_program &code, int argc,
                       const char *const *argv) {
  std::string name = argc > 0 ? argv[0] : "program";
  size_t slash = name.find_last_of('/');
  if (slash != std::string::npos)
    name = name.substr(slash + 1);
  Parser parser(name);
  try {
    parser.app.parse(argc, const_cast<char **>(argv));
  } catch (const CLI::ParseError &error) {
    // Help and version are no errors.
    return parser.app.exit(error) == 0 ? ExitDone : ExitWrongUsage;
  }
  Program program = loadProgram(code);
  return parser.chosen(program, parser.options);
}

int runCommandLine(const frac_program &code, int argc,
                   const char *const *argv) {
  auto report = [](const char *message, int status) {
    std::fflush(stdout);
    std::fprintf(stderr, "%s\n", message);
    return status;
  };
  try {
    return parseAndRun(code, argc, argv);
  } catch (const UsageError &error) {
    return report(error.what(), ExitWrongUsage);
  } catch (const DivergedError &error) {
    return report(error.what(), ExitDiverged);
  } catch (const Error &error) {
    return report(error.what(), ExitBadInput);
  } catch (const std::bad_alloc &) {
    return report("error: out of memory; use a smaller --batch or a smaller "
                  "dataset",
                  ExitBadInput);
  } catch (const std::exception &error) {
    return report((std::string("error: ") + printable(error.what())).c_str(),
                  ExitBadInput);
  }
}

} // namespace frac
