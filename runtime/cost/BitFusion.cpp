//===- BitFusion.cpp - The published simulator's model --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/CostModel.h"
#include "runtime/cost/FusionTile.h"
#include "runtime/cost/IntegerMath.h"

#include <algorithm>

namespace frac {

namespace {
/// The model of BitFusion (Sharma et al., ISCA 2018) as its published simulator
/// has it (hsharma35/bitfusion): every tiling of powers of two and every order
/// of its loops is tried. docs/cost-model.md has the formulas. This file and
/// FusionTile.cpp are compiled without fused multiply-adds, so that energies
/// are the simulator's to the last bit.
class BitFusionModel final : public CostModel {
public:
  using CostModel::CostModel;

  const char *name() const override { return "bitfusion"; }

  CostResult evaluate(const ContractionShape &shape,
                      OperandBits bits) const override;

private:
  CostResult checkPrecision(OperandBits &bits, CostExtensionSet &used) const;
  CostResult checkGeometry(const ContractionShape &shape,
                           CostExtensionSet &used) const;
  FusionProblem makeProblem(const ContractionShape &shape, OperandBits bits,
                            int64_t factor) const;
  CostResult search(const FusionProblem &problem) const;
  ContractionCost costOf(const FusionProblem &problem, const FusionTile &tile,
                         const FusionAccesses &accesses,
                         const std::vector<FusionLoop> &order) const;
};

/// How many operands of `bits` one unit takes in the place of its widest.
int64_t operandsAtOnce(const Accelerator &accelerator, int64_t bits) {
  return accelerator.maxBits / std::max(bits, accelerator.minBits);
}

/// The largest count that sums of a few of stay in 63 bits.
constexpr long double largestCount = 288230376151711744.0L; // 2^58

/// Whether no tiling's counts can leave the integers: an upper bound of each,
/// where every loop reloads. Loops are cut so that tiles cover less than twice
/// the extent.
bool isCountable(const FusionProblem &problem) {
  std::array<long double, fusionLoops> extents;
  std::copy(problem.extents.begin(), problem.extents.end(), extents.begin());
  auto [batch, width, height, in, out] = extents;
  long double pixels = width * height;
  long double area = static_cast<long double>(problem.kernel[0]) *
                     static_cast<long double>(problem.kernel[1]);
  auto lanes = static_cast<long double>(problem.lanes);
  auto columns = static_cast<long double>(problem.columns);
  long double halo = 1;
  for (size_t i = 0; i < 2; ++i)
    halo *= static_cast<long double>(problem.stride[i]) +
            static_cast<long double>(problem.kernel[i]) *
                static_cast<long double>(problem.dilation[i]);
  long double places = 2 * batch * 4 * pixels;
  long double accesses = places * area * 2 * in * (2 * out + columns) *
                         std::max<long double>(floatOperandBits, problem.parts);
  long double input = places * halo * 2 * in * out * problem.bits.left;
  long double weights =
      places * in * 2 * out * (2 * area + lanes) * problem.bits.right;
  long double outputs = places * in *
                        (4 * out + (problem.im2col ? out : 1) * columns) *
                        accumulatorBits;
  return std::max({accesses, input, weights, outputs}) < largestCount;
}

/// Extents to cut a loop of `extent` into: `unit` times powers of two, and all
/// of it.
std::vector<int64_t> tileExtents(int64_t extent, int64_t unit) {
  std::vector<int64_t> extents;
  for (int64_t tile = unit; tile < extent; tile *= 2)
    extents.push_back(tile);
  extents.push_back(extent);
  return extents;
}

std::string describeSmallest(const FusionProblem &problem,
                             const FusionTile &smallest) {
  const char *names[] = {"input", "weight", "output"};
  std::string text;
  for (size_t i = 0; i < fusionOperands; ++i)
    if (smallest.bits[i] > problem.capacity[i])
      text += (text.empty() ? "" : "; ") + std::string("the smallest ") +
              names[i] + " tile has " + std::to_string(smallest.bits[i]) +
              " bits, half of the " + names[i] + " buffer holds " +
              std::to_string(problem.capacity[i]);
  return "does not fit: " + text;
}

std::string orderText(const std::vector<FusionLoop> &order) {
  static const char *const names[] = {"B", "OW", "OH", "IC", "OC"};
  std::string text;
  std::vector<FusionLoop> all = order;
  // Loops of one tile stand at the end, where they change nothing.
  for (size_t i = 0; i < fusionLoops; ++i) {
    auto loop = static_cast<FusionLoop>(i);
    if (std::find(order.begin(), order.end(), loop) == order.end())
      all.push_back(loop);
  }
  for (FusionLoop loop : all)
    text += (text.empty() ? "" : ">") +
            std::string(names[static_cast<size_t>(loop)]);
  return text;
}

/// Everything of `cost` once for each group.
void repeat(ContractionCost &cost, int64_t groups) {
  for (int64_t *count :
       {&cost.computeCycles, &cost.stallCycles, &cost.totalCycles,
        &cost.input.readBits, &cost.input.writeBits, &cost.weight.readBits,
        &cost.weight.writeBits, &cost.output.readBits, &cost.output.writeBits,
        &cost.dram.readBits, &cost.dram.writeBits})
    *count *= groups;
  auto times = static_cast<double>(groups);
  for (double *energy :
       {&cost.energy.core, &cost.energy.weightBuffer, &cost.energy.inputBuffer,
        &cost.energy.outputBuffer, &cost.energy.dram, &cost.energy.leakage,
        &cost.energy.total})
    *energy *= times;
}
} // namespace

CostResult BitFusionModel::checkPrecision(OperandBits &bits,
                                          CostExtensionSet &used) const {
  const Accelerator &hardware = accelerator();
  const CostExtensions &extensions = hardware.extensions;
  for (int *operand : {&bits.left, &bits.right}) {
    if (*operand < 1)
      return CostResult::refuse(CostStatus::UnsupportedPrecision,
                                "an operand has no bits");
    if (*operand >= floatOperandBits) {
      if (extensions.floatBits == 0)
        return CostResult::refuse(
            CostStatus::UnsupportedPrecision,
            "operands in float; the array multiplies integers (extension "
            "float_bits lets integers stand for them)");
      *operand = static_cast<int>(extensions.floatBits);
      used.add(CostExtension::FloatBits);
    }
    if (*operand > hardware.maxBits) {
      if (!extensions.wideOperands)
        return CostResult::refuse(CostStatus::UnsupportedPrecision,
                                  "an operand of " + std::to_string(*operand) +
                                      " bits is above the array's maximum of " +
                                      std::to_string(hardware.maxBits) +
                                      " (extension wide_operands splits it)");
      used.add(CostExtension::WideOperands);
    }
  }
  return {};
}

CostResult BitFusionModel::checkGeometry(const ContractionShape &shape,
                                         CostExtensionSet &used) const {
  const CostExtensions &extensions = accelerator().extensions;
  auto refuse = [](std::string what, const char *extension) {
    return CostResult::refuse(
        CostStatus::UnsupportedShape,
        std::move(what) + ", which BitFusion does not have (extension " +
            extension + ")");
  };
  CostResult sizes = checkShape(shape);
  if (!sizes.isOk())
    return sizes;
  if (shape.groups > 1) {
    bool isDepthwise =
        shape.groups == shape.inChannels && shape.groups == shape.outChannels;
    if (isDepthwise && extensions.depthwise)
      used.add(CostExtension::Depthwise);
    else if (extensions.groups)
      used.add(CostExtension::Groups);
    else
      return refuse(std::to_string(shape.groups) + " groups",
                    isDepthwise ? "depthwise or groups" : "groups");
  }
  if (!shape.isSquare()) {
    if (!extensions.rectangular)
      return refuse("a kernel, output, stride or dilation that is not square",
                    "rectangular");
    used.add(CostExtension::Rectangular);
  }
  if (shape.isDilated()) {
    if (!extensions.dilation)
      return refuse("a dilated kernel", "dilation");
    used.add(CostExtension::Dilation);
  }
  return {};
}

FusionProblem BitFusionModel::makeProblem(const ContractionShape &shape,
                                          OperandBits bits,
                                          int64_t factor) const {
  const Accelerator &hardware = accelerator();
  FusionProblem problem;
  problem.kernel = shape.kernel;
  problem.stride = shape.stride;
  problem.dilation = shape.dilation;
  problem.channelPerColumn =
      hardware.extensions.depthwise && shape.groups > 1 &&
      shape.groups == shape.inChannels && shape.groups == shape.outChannels;
  int64_t groups = problem.channelPerColumn ? 1 : shape.groups;
  problem.extents = {shape.batch, shape.output[1], shape.output[0],
                     problem.channelPerColumn ? 1 : shape.inChannels / groups,
                     shape.outChannels / groups};
  problem.im2col = shape.im2col;
  problem.bits = bits;
  problem.lanes = hardware.inputLanes * factor;
  problem.columns = hardware.outputLanes;
  problem.parts = ceilDiv(bits.left, hardware.maxBits) *
                  ceilDiv(bits.right, hardware.maxBits);
  problem.capacity = {hardware.inputBuffer.usableBits(),
                      hardware.weightBuffer.usableBits(),
                      hardware.outputBuffer.usableBits()};
  return problem;
}

ContractionCost
BitFusionModel::costOf(const FusionProblem &problem, const FusionTile &tile,
                       const FusionAccesses &accesses,
                       const std::vector<FusionLoop> &order) const {
  const Accelerator &hardware = accelerator();
  FusionTransfers transfers(problem, tile, order);
  auto [input, weight, output] = transfers.total;
  auto [firstInput, firstWeight, lastOutput] = transfers.resident;
  int64_t outputFill = output, outputDrain = output;
  int64_t firstFill = lastOutput, lastDrain = lastOutput;
  // Finished outputs leave once; what else moves are partial sums, in full.
  int64_t finished = tile.bits[static_cast<size_t>(FusionOperand::Output)] *
                     tile.totalTiles() /
                     tile.counts[static_cast<size_t>(FusionLoop::InChannels)];
  if (hardware.extensions.zeroInitialized) {
    outputFill -= finished;
    firstFill = 0;
  }
  int64_t outputBits = hardware.extensions.outputBits;
  outputDrain += finished / accumulatorBits * (outputBits - accumulatorBits);
  lastDrain = lastDrain / accumulatorBits * outputBits;

  ContractionCost cost;
  cost.input = {accesses.inputRead, input};
  cost.weight = {accesses.weightRead, weight};
  cost.output = {accesses.output + output, accesses.output + outputFill};
  cost.dram = {input + weight + outputFill, outputDrain};

  // The first fill and the last drain overlap with nothing.
  int64_t width = hardware.dramBitsPerCycle;
  int64_t first = firstInput + firstWeight + firstFill;
  int64_t between =
      cost.dram.readBits + cost.dram.writeBits - first - lastDrain;
  cost.computeCycles = tile.computeCycles;
  cost.stallCycles =
      std::max<int64_t>(0, ceilDiv(between, width) - tile.computeCycles) +
      ceilDiv(first, width) + ceilDiv(lastDrain, width);
  cost.totalCycles = cost.computeCycles + cost.stallCycles;

  // In the simulator's order of additions.
  auto nanojoules = [](int64_t count, double picojoules) {
    return static_cast<double>(count) * (picojoules / 1000);
  };
  auto &[core, weightBuffer, inputBuffer, outputBuffer, dram, leakage, sum] =
      cost.energy;
  double &total = sum;
  core = nanojoules(cost.computeCycles, hardware.picojoulesPerCycle);
  total = core;
  auto add = [&](double &part, const Traffic &traffic, double read,
                 double write) {
    double reads = nanojoules(traffic.readBits, read);
    double writes = nanojoules(traffic.writeBits, write);
    part = reads + writes;
    total += reads;
    total += writes;
  };
  add(weightBuffer, cost.weight, hardware.weightBuffer.readPicojoulesPerBit,
      hardware.weightBuffer.writePicojoulesPerBit);
  add(inputBuffer, cost.input, hardware.inputBuffer.readPicojoulesPerBit,
      hardware.inputBuffer.writePicojoulesPerBit);
  add(outputBuffer, cost.output, hardware.outputBuffer.readPicojoulesPerBit,
      hardware.outputBuffer.writePicojoulesPerBit);
  add(dram, cost.dram, hardware.dramPicojoulesPerBit,
      hardware.dramPicojoulesPerBit);
  if (hardware.extensions.leakage) {
    // Milliwatts times microseconds.
    leakage = hardware.leakageMilliwatts().value_or(0) *
              static_cast<double>(cost.totalCycles) / hardware.megahertz;
    total += leakage;
  }
  return cost;
}

CostResult BitFusionModel::search(const FusionProblem &problem) const {
  const auto [batch, columns, rows, in, out] = problem.extents;
  const int64_t width = columns, height = rows;
  int64_t outUnit = problem.im2col ? 1 : problem.columns;
  std::vector<int64_t> batches = tileExtents(batch, 1);
  std::vector<int64_t> sides = tileExtents(std::max(width, height), 1);
  std::vector<int64_t> ins = tileExtents(in, 1);
  std::vector<int64_t> outs = tileExtents(out, outUnit);

  FusionTile smallest(problem, {1, 1, 1, 1, outs.front()});
  if (!smallest.fits(problem))
    return CostResult::refuse(CostStatus::DoesNotFit,
                              describeSmallest(problem, smallest));

  CostResult best;
  bool isFirst = true;
  CostObjective objective = accelerator().extensions.objective;
  auto tryOrders = [&](const FusionTile &tile) {
    // No order is faster than its computation.
    if (!isFirst && objective == CostObjective::Cycles &&
        tile.computeCycles > best.cost.totalCycles)
      return;
    // Loops of one tile have no part in the order.
    std::vector<FusionLoop> order;
    for (size_t i = 0; i < fusionLoops; ++i)
      if (tile.counts[i] > 1)
        order.push_back(static_cast<FusionLoop>(i));
    FusionAccesses accesses(problem, tile);
    do {
      ContractionCost cost = costOf(problem, tile, accesses, order);
      if (!isFirst && !isCheaper(cost, best.cost, objective))
        continue;
      isFirst = false;
      auto [b, ow, oh, ic, oc] = tile.tile;
      cost.tiling = {b, ow, oh, ic, oc, accesses.dataflow, orderText(order)};
      best.cost = std::move(cost);
    } while (std::next_permutation(order.begin(), order.end()));
  };
  // Tiles grow with each extent, so the first that does not fit ends its loop.
  for (int64_t b : batches)
    for (int64_t side : sides) {
      auto tileOf = [&](int64_t ic, int64_t oc) {
        return FusionTile(problem, {b, std::min(side, width),
                                    std::min(side, height), ic, oc});
      };
      for (int64_t ic : ins) {
        if (!tileOf(ic, outs.front()).fits(problem))
          break;
        for (int64_t oc : outs) {
          FusionTile tile = tileOf(ic, oc);
          if (!tile.fits(problem))
            break;
          tryOrders(tile);
        }
      }
    }
  return best;
}

CostResult BitFusionModel::evaluate(const ContractionShape &shape,
                                    OperandBits bits) const {
  CostExtensionSet used;
  if (CostResult refusal = checkGeometry(shape, used); !refusal.isOk())
    return refusal;
  if (CostResult refusal = checkPrecision(bits, used); !refusal.isOk())
    return refusal;
  const Accelerator &hardware = accelerator();
  auto factorOf = [&](int width) {
    return std::max<int64_t>(1, operandsAtOnce(hardware, width));
  };
  int64_t factor = factorOf(bits.left) * factorOf(bits.right);
  FusionProblem problem = makeProblem(shape, bits, factor);
  int64_t groups = problem.channelPerColumn ? 1 : shape.groups;
  if (!isCountable(problem) ||
      shape.macs() * floatOperandBits * 2 > static_cast<double>(largestCount))
    return CostResult::refuse(CostStatus::TooLarge,
                              "the product is too large to be counted");
  CostResult result = search(problem);
  if (!result.isOk())
    return result;
  if (static_cast<double>(groups) *
          static_cast<double>(
              std::max({result.cost.totalCycles, result.cost.dram.readBits,
                        result.cost.input.readBits, result.cost.weight.readBits,
                        result.cost.output.readBits})) >
      static_cast<double>(largestCount))
    return CostResult::refuse(CostStatus::TooLarge,
                              "the product is too large to be counted");
  if (groups > 1)
    repeat(result.cost, groups);
  result.cost.performanceFactor = factor;
  result.cost.macs = shape.macs();
  for (CostExtension always :
       {CostExtension::Leakage, CostExtension::ZeroInitialized,
        CostExtension::OutputBits, CostExtension::Objective})
    if (switchedOn(hardware.extensions).has(always))
      used.add(always);
  result.cost.extensions = used;
  return result;
}

static std::unique_ptr<CostModel>
makeBitFusion(const Accelerator &accelerator) {
  return std::make_unique<BitFusionModel>(accelerator);
}

/// `bitfusion`: an array whose units join for wide operands and part for narrow
/// ones, with tiles in three buffers.
const CostModelKind &bitFusionModel() {
  static const CostModelKind kind = {
      "bitfusion",
      "BitFusion's published simulator: tiles, buffers and a shared memory "
      "interface",
      makeBitFusion};
  return kind;
}

} // namespace frac
