//===- NNOps.td - All operations of the nn dialect ------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

include "dialects/nn/NNContractionOps.td"
include "dialects/nn/NNElementwiseOps.td"
include "dialects/nn/NNNormalizationOps.td"
include "dialects/nn/NNPoolingOps.td"
include "dialects/nn/NNShapeOps.td"
