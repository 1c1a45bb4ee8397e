//===- Checker.cpp - ONNX's own checker ----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The one place that calls into the ONNX library beside its protobuf
/// messages. The library throws; nothing escapes from here.
///
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Checker.h"

#include <onnx/checker.h>

std::string frac::frontend::checkModel(const onnx::ModelProto &model) {
  std::string text;
  try {
    onnx::checker::check_model(model);
    return "";
  } catch (const std::exception &failure) {
    text = failure.what();
  } catch (...) {
    text = "unknown failure of the ONNX checker";
  }
  std::string line;
  for (char c : text) {
    bool blank = c == '\n' || c == ' ';
    if (!blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  return line.empty() ? "rejected by the ONNX checker" : line;
}
