//===- FracPlugin.cpp - Dialects and passes for another mlir-opt ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The two entry points that `--load-dialect-plugin` and `--load-pass-plugin`
/// of a stock mlir-opt look for. Either may be called any number of times, and
/// a second copy of the library does nothing beside the first.
///
//===----------------------------------------------------------------------===//

#include "dialects/RegisterDialects.h"
#include "dialects/frac/FracDialect.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "passes/RegisterPasses.h"

using namespace mlir;

static constexpr const char *pluginName = "FracPlugin";

static void registerDialects(DialectRegistry *registry) {
  // The same name with another type id is fatal to the registry.
  if (registry->getDialectAllocator(
          frac::precision::FracDialect::getDialectNamespace()))
    return;
  frac::registerAllFracDialects(*registry);
  frac::registerExternalContractions(*registry);
}

static void registerPasses() {
  if (PassInfo::lookup("frac-insert-quantize"))
    return;
  frac::registerAllFracPasses();
}

extern "C" LLVM_ATTRIBUTE_WEAK DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, pluginName, FRACC_VERSION, registerDialects};
}

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, pluginName, FRACC_VERSION, registerPasses};
}
