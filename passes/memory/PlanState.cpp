//===- PlanState.cpp - Places of variables in the state -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/memory/Passes.h"
#include "passes/memory/Variables.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/BuiltinOps.h"
#include "runtime/frac_runtime.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"

namespace frac {
#define GEN_PASS_DEF_PLANSTATE
#include "passes/memory/Passes.h.inc"
} // namespace frac

using namespace mlir;

namespace {

/// Number of the role in the order of places.
enum RoleOrder { Parameter, Frozen, State, Slot, Gradient, NumRoles, Unknown };

RoleOrder getRoleOrder(StringRef role) {
  return llvm::StringSwitch<RoleOrder>(role)
      .Case("parameter", Parameter)
      .Case("frozen", Frozen)
      .Case("state", State)
      .Case("slot", Slot)
      .Case("gradient", Gradient)
      .Default(Unknown);
}

struct PlanState : frac::impl::PlanStateBase<PlanState> {
  void runOnOperation() override {
    SmallVector<ml_program::GlobalOp> byRole[NumRoles];
    for (auto global : getOperation().getOps<ml_program::GlobalOp>()) {
      auto role = global->getAttrOfType<StringAttr>("frac.role");
      // A variable that no one has given a role to is never written.
      RoleOrder order = role ? getRoleOrder(role.getValue()) : Frozen;
      if (order == Unknown) {
        global.emitError("variable '")
            << global.getSymName() << "' has the unknown role " << role
            << "; known are parameter, frozen, state, slot and gradient";
        return signalPassFailure();
      }
      auto type = dyn_cast<RankedTensorType>(global.getType());
      if (!type || !type.hasStaticShape() ||
          !type.getElementType().isIntOrFloat()) {
        global.emitError("variable '")
            << global.getSymName() << "' needs a type of fixed size, but has "
            << global.getType();
        return signalPassFailure();
      }
      byRole[order].push_back(global);
    }

    Builder builder(&getContext());
    int64_t offset = 0;
    for (int role = 0; role < NumRoles; ++role) {
      if (role == Gradient)
        getOperation()->setAttr("frac.state_bytes",
                                builder.getI64IntegerAttr(offset));
      for (ml_program::GlobalOp global : byRole[role]) {
        global->setAttr("frac.offset", builder.getI64IntegerAttr(offset));
        offset = int64_t(llvm::alignTo(offset + frac::getVariableBytes(global),
                                       FRAC_ALIGNMENT));
      }
    }
    getOperation()->setAttr("frac.grad_state_bytes",
                            builder.getI64IntegerAttr(offset));
  }
};

} // namespace
