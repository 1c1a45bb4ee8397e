//===- Paddings.cpp - Padding of upstream dialects ------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/PaddingOpInterface.h"
#include "dialects/interfaces/external/Contractions.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace frac;

namespace {

struct TensorPadding
    : PaddingOpInterface::ExternalModel<TensorPadding, tensor::PadOp> {
  bool addsZeros(Operation *op) const {
    Value border = cast<tensor::PadOp>(op).getConstantPaddingValue();
    return border && matchPattern(border, m_AnyZeroFloat());
  }
};

/// Of a slice what is around it, and between its elements if it has strides.
struct SlicePadding
    : PaddingOpInterface::ExternalModel<SlicePadding, tensor::InsertSliceOp> {
  bool addsZeros(Operation *op) const {
    Value border = cast<tensor::InsertSliceOp>(op).getDest();
    if (auto fill = border.getDefiningOp<linalg::FillOp>())
      border = fill.value();
    return matchPattern(border, m_AnyZeroFloat());
  }
};

struct TosaPadding
    : PaddingOpInterface::ExternalModel<TosaPadding, tosa::PadOp> {
  bool addsZeros(Operation *op) const {
    return matchPattern(cast<tosa::PadOp>(op).getPadConst(), m_AnyZeroFloat());
  }
};

} // namespace

void frac::registerPaddings(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    tensor::PadOp::attachInterface<TensorPadding>(*context);
    tensor::InsertSliceOp::attachInterface<SlicePadding>(*context);
  });
  registry.addExtension(+[](MLIRContext *context, tosa::TosaDialect *) {
    tosa::PadOp::attachInterface<TosaPadding>(*context);
  });
}
