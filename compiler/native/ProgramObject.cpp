//===- ProgramObject.cpp - What an object file says of its program
//-------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/native/ProgramObject.h"

#include "runtime/frac_runtime.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

/// Adds a read-only array that the assembler fills from the file at `path` and
/// appends its address and size to `fields`.
static Error includeFile(Module &module, StringRef name, StringRef path,
                         SmallVectorImpl<Constant *> &fields) {
  uint64_t size = 0;
  if (std::error_code error = sys::fs::file_size(path, size))
    return createStringError(path +
                             ": error: cannot be read: " + error.message());
  std::string symbol = ("frac_" + name + "_begin").str();
  std::string escaped;
  for (char c : path) {
    if (c == '"' || c == '\\')
      escaped += '\\';
    escaped += c;
  }
  module.appendModuleInlineAsm(".section .rodata\n.balign " +
                               std::to_string(FRAC_ALIGNMENT) + "\n" + symbol +
                               ":\n.incbin \"" + escaped + "\"\n.text\n");
  LLVMContext &context = module.getContext();
  auto *begin = new GlobalVariable(
      module, Type::getInt8Ty(context), /*isConstant=*/true,
      GlobalValue::ExternalLinkage, /*Initializer=*/nullptr, symbol);
  begin->setVisibility(GlobalValue::HiddenVisibility);
  fields.push_back(begin);
  fields.push_back(ConstantInt::get(Type::getInt64Ty(context), size));
  return Error::success();
}

Error frac::addProgramObject(Module &module, const ProgramObject &program) {
  LLVMContext &context = module.getContext();
  auto *i64 = Type::getInt64Ty(context);
  SmallVector<Constant *> fields;
  fields.push_back(ConstantInt::get(i64, FRAC_ABI_VERSION));

  Constant *text = ConstantDataArray::getString(context, program.metadata);
  auto *metadata =
      new GlobalVariable(module, text->getType(), /*isConstant=*/true,
                         GlobalValue::PrivateLinkage, text, "frac_metadata");
  fields.push_back(metadata);
  fields.push_back(ConstantInt::get(i64, program.metadata.size()));

  if (Error error = includeFile(module, "initial_state",
                                program.initialStatePath, fields))
    return error;
  if (Error error = includeFile(module, "model", program.modelPath, fields))
    return error;

  for (StringRef entry :
       {program.stepEntry, program.evalEntry, program.gradEntry}) {
    Function *function = module.getFunction(entry);
    if (!function || function->isDeclaration())
      return createStringError("the module has no entry '" + entry + "'");
    fields.push_back(function);
  }

  Constant *structure = ConstantStruct::getAnon(context, fields);
  new GlobalVariable(module, structure->getType(), /*isConstant=*/true,
                     GlobalValue::ExternalLinkage, structure,
                     "frac_compiled_program");
  return Error::success();
}
