//===- Export.h - The trained model as ONNX ------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_EXPORT_H
#define FRAC_FRONTENDS_ONNX_EXPORT_H

#include "frontends/onnx/Model.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"

namespace frac::frontend {

/// Writes the model, with all weights inside, to `os`. `offsets` gets the place
/// of each float initializer in the bytes written: its values lie there as
/// float32 in little-endian order, row-major, so that others of the same size
/// can be put in their stead. Returns false after an error, of which the model
/// being larger than 2 GB is the one possible.
bool writeModel(const Model &model, llvm::raw_ostream &os,
                llvm::StringMap<int64_t> &offsets, Diagnostics &diagnostics);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_EXPORT_H
