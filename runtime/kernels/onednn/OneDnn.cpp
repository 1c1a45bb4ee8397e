//===- OneDnn.cpp - Contractions through oneDNN ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Activations are handed to oneDNN channels-last as they lie in memory.
/// Weights lie in ONNX's order; each primitive chooses its own order for them,
/// and since they change with every training step they are reordered in each
/// run, into scratch memory.
///
//===----------------------------------------------------------------------===//

#include "runtime/kernels/onednn/OneDnn.h"

#include "runtime/core/CpuIsa.h"

#include <dnnl.hpp>

#include <array>
#include <stdexcept>
#include <unordered_map>
#include <vector>

#if DNNL_VERSION_MAJOR != 2
#error "this file is written for the API of oneDNN 2.x"
#endif

using namespace frac::runtime;

using Dims = dnnl::memory::dims;
using Desc = dnnl::memory::desc;
using Tag = dnnl::memory::format_tag;
static constexpr auto f32 = dnnl::memory::data_type::f32;

//===----------------------------------------------------------------------===//
// Plans
//===----------------------------------------------------------------------===//

namespace {

/// Where the bytes of a memory object are, known only when a plan runs.
enum Place { FirstOperand, SecondOperand, Result, ScratchMemory };

/// Primitives that run one after the other on memory objects made once.
class OneDnnPlan final : public KernelPlan {
public:
  OneDnnPlan(const dnnl::engine &engine, const dnnl::stream &stream)
      : engine(engine), stream(stream) {}

  void run(const KernelArguments &arguments) override {
    const std::array<std::byte *, 4> bases = {
        asBytes(arguments.first), asBytes(arguments.second),
        asBytes(arguments.result), arguments.scratch};
    for (Binding &binding : bindings)
      if (binding.base != bases[binding.place]) {
        binding.base = bases[binding.place];
        binding.memory.set_data_handle(binding.base + binding.offset, stream);
      }
    for (const Step &step : steps)
      step.primitive.execute(stream, step.arguments);
    stream.wait();
  }

  /// A memory object at an operand or the result.
  dnnl::memory at(Place place, const Desc &desc, std::size_t offset = 0) {
    dnnl::memory memory(desc, engine, DNNL_MEMORY_NONE);
    bindings.push_back({memory, place, offset, nullptr});
    return memory;
  }

  /// A memory object in scratch memory of its own.
  dnnl::memory inScratch(const Desc &desc) {
    constexpr std::size_t alignment = FRAC_ALIGNMENT;
    std::size_t offset = scratchBytes;
    scratchBytes += (desc.get_size() + alignment - 1) / alignment * alignment;
    return at(ScratchMemory, desc, offset);
  }

  /// What a primitive that wants `wanted` reads, if the data at `place` lie as
  /// `given`: a copy in another order if they differ.
  dnnl::memory input(Place place, const Desc &given, const Desc &wanted) {
    dnnl::memory source = at(place, given);
    if (given == wanted)
      return source;
    dnnl::memory copy = inScratch(wanted);
    addReorder(source, copy);
    return copy;
  }

  /// Adds a primitive that leaves its result, laid out as `made`, in an object
  /// named `argument`; it is put in the order `wanted` at the plan's result.
  template <typename PrimitiveDesc>
  void addProducer(const PrimitiveDesc &desc, const dnnl::primitive &primitive,
                   std::unordered_map<int, dnnl::memory> arguments,
                   int argument, const Desc &made, const Desc &wanted) {
    dnnl::memory result = at(Result, wanted);
    dnnl::memory output = made == wanted ? result : inScratch(made);
    arguments.emplace(argument, output);
    if (desc.scratchpad_desc().get_size())
      arguments.emplace(DNNL_ARG_SCRATCHPAD, inScratch(desc.scratchpad_desc()));
    steps.push_back({primitive, std::move(arguments)});
    if (made != wanted)
      addReorder(output, result);
    implementation = std::string("onednn ") + desc.impl_info_str();
  }

private:
  struct Binding {
    dnnl::memory memory;
    Place place;
    std::size_t offset;
    std::byte *base;
  };
  struct Step {
    dnnl::primitive primitive;
    std::unordered_map<int, dnnl::memory> arguments;
  };

  static std::byte *asBytes(const float *data) {
    return reinterpret_cast<std::byte *>(const_cast<float *>(data));
  }

  void addReorder(const dnnl::memory &source, const dnnl::memory &target);

  dnnl::engine engine;
  dnnl::stream stream;
  std::vector<Binding> bindings;
  std::vector<Step> steps;
};

} // namespace

/// Attributes of every primitive: scratch memory is ours, and the arithmetic is
/// float whatever DNNL_DEFAULT_FPMATH_MODE says.
static dnnl::primitive_attr primitiveAttributes() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  attributes.set_fpmath_mode(dnnl::fpmath_mode::strict);
  return attributes;
}

void OneDnnPlan::addReorder(const dnnl::memory &source,
                            const dnnl::memory &target) {
  dnnl::reorder::primitive_desc desc(engine, source.get_desc(), engine,
                                     target.get_desc(), primitiveAttributes());
  std::unordered_map<int, dnnl::memory> arguments = {{DNNL_ARG_FROM, source},
                                                     {DNNL_ARG_TO, target}};
  if (desc.scratchpad_desc().get_size())
    arguments.emplace(DNNL_ARG_SCRATCHPAD, inScratch(desc.scratchpad_desc()));
  steps.push_back({dnnl::reorder(desc), std::move(arguments)});
}

/// The implementation of `desc` whose name begins with `prefix`, or oneDNN's
/// first choice if there is none. oneDNN reads `desc` again when it looks for
/// the next implementation.
template <typename Primitive, typename... Rest>
static typename Primitive::primitive_desc
preferring(const std::string &prefix, const typename Primitive::desc &desc,
           const Rest &...rest) {
  typename Primitive::primitive_desc candidate(desc, rest...);
  if (prefix.empty())
    return candidate;
  do {
    if (std::string(candidate.impl_info_str()).rfind(prefix, 0) == 0)
      return candidate;
  } while (candidate.next_impl());
  // There is no way back to the first one.
  return typename Primitive::primitive_desc(desc, rest...);
}

//===----------------------------------------------------------------------===//
// Engine
//===----------------------------------------------------------------------===//

/// oneDNN's names of the caps; it accepts one only before its first use.
static void capInstructionSet() {
  dnnl::cpu_isa cap = dnnl::cpu_isa::all;
  switch (cpuIsaCap()) {
  case CpuIsa::Sse41:
    cap = dnnl::cpu_isa::sse41;
    break;
  case CpuIsa::Avx2:
    cap = dnnl::cpu_isa::avx2;
    break;
  case CpuIsa::Avx512:
    cap = dnnl::cpu_isa::avx512_core;
    break;
  case CpuIsa::Avx512Vnni:
    return;
  }
  if (dnnl::set_max_cpu_isa(cap) != dnnl::status::success)
    throw std::runtime_error(
        "oneDNN does not accept the instruction set of FRAC_MAX_CPU_ISA: it is "
        "in use already or was built without this control");
}

struct OneDnn::Implementation {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
};

/// Settings of the whole process.
static void setUpLibrary() {
  capInstructionSet();
  // Plans are kept by their owner. oneDNN's own cache does not tell apart the
  // implementations that `preferring` walks through, so it must be off.
  dnnl::set_primitive_cache_capacity(0);
}

OneDnn::OneDnn() {
  // If it throws, the next runtime tries again.
  static const bool isSetUp = (setUpLibrary(), true);
  (void)isSetUp;
  implementation = std::make_unique<Implementation>();
}

OneDnn::~OneDnn() = default;

std::string OneDnn::description() {
  const dnnl_version_t *version = dnnl_version();
  const char *isa = "generic";
  switch (dnnl::get_effective_cpu_isa()) {
  case dnnl::cpu_isa::sse41:
    isa = "sse41";
    break;
  case dnnl::cpu_isa::avx:
    isa = "avx";
    break;
  case dnnl::cpu_isa::avx2:
  case dnnl::cpu_isa::avx2_vnni:
    isa = "avx2";
    break;
  case dnnl::cpu_isa::avx512_core:
    isa = "avx512";
    break;
  case dnnl::cpu_isa::avx512_core_vnni:
  case dnnl::cpu_isa::avx512_core_bf16:
  case dnnl::cpu_isa::avx512_core_amx:
    isa = "avx512_vnni";
    break;
  default:
    break;
  }
  return "oneDNN " + std::to_string(version->major) + "." +
         std::to_string(version->minor) + "." + std::to_string(version->patch) +
         ", " + isa;
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

namespace {

/// The memory descriptors and numbers that oneDNN describes a convolution by.
struct ConvDescs {
  explicit ConvDescs(const ConvProblem &problem) {
    const frac_conv_shape &s = problem.shape;
    const int rank = static_cast<int>(s.spatial_rank);
    Dims source = {problem.batch, s.in_channels};
    Dims destination = {problem.batch, s.out_channels};
    Dims kernel = {s.out_channels / s.groups, s.in_channels / s.groups};
    if (s.groups > 1)
      kernel.insert(kernel.begin(), s.groups);
    for (int d = 0; d < rank; ++d) {
      source.push_back(s.input[d]);
      destination.push_back(s.output[d]);
      kernel.push_back(s.kernel[d]);
      stride.push_back(s.stride[d]);
      dilation.push_back(s.dilation[d] - 1);
      padBegin.push_back(s.pad_begin[d]);
      // oneDNN wants the padding to fit the number of windows.
      padEnd.push_back(problem.reachedPadEnd(d));
    }
    const std::array<Tag, 3> activationTags = {Tag::nwc, Tag::nhwc, Tag::ndhwc};
    const std::array<Tag, 3> weightTags = {Tag::oiw, Tag::oihw, Tag::oidhw};
    const std::array<Tag, 3> groupTags = {Tag::goiw, Tag::goihw, Tag::goidhw};
    src = Desc(source, f32, activationTags[rank - 1]);
    dst = Desc(destination, f32, activationTags[rank - 1]);
    weights =
        Desc(kernel, f32, (s.groups > 1 ? groupTags : weightTags)[rank - 1]);
  }

  Desc src, weights, dst;
  Dims stride, dilation, padBegin, padEnd;
};

} // namespace

/// The same tensor in whatever order a primitive likes best.
static Desc anyOrder(const Desc &desc) {
  return Desc(desc.dims(), f32, Tag::any);
}

/// Whether oneDNN can express the padding at the ends: not if the input goes on
/// behind the last window for a stride or more.
static bool hasExpressiblePadding(const ConvProblem &problem) {
  for (int32_t d = 0; d < problem.shape.spatial_rank; ++d)
    if (problem.reachedPadEnd(d) + problem.shape.stride[d] <= 0)
      return false;
  return true;
}

/// How the name of the implementation begins that is faster than oneDNN's first
/// choice, or an empty string. Measured on Zen 4 with channels-last data: the
/// first choice, a batched matrix product, does badly on few channels.
static std::string preferredImplementation(const ConvProblem &problem) {
  const frac_conv_shape &s = problem.shape;
  if (problem.product != ConvProduct::Forward || s.groups > 1)
    return {};
  bool isStrided = false, isPointwise = true;
  for (int64_t d = 0; d < s.spatial_rank; ++d) {
    isStrided |= s.stride[d] > 1;
    isPointwise &= s.kernel[d] == 1;
  }
  if (isStrided && s.in_channels <= 32)
    return "jit:";
  if (isPointwise && s.out_channels <= 16)
    return "jit_1x1:";
  return {};
}

std::unique_ptr<KernelPlan> OneDnn::makePlan(const ConvProblem &problem) {
  if (!hasExpressiblePadding(problem))
    return nullptr;
  const dnnl::engine &engine = implementation->engine;
  const dnnl::primitive_attr attributes = primitiveAttributes();
  const ConvDescs descs(problem);
  const auto direct = dnnl::algorithm::convolution_direct;
  const std::string preferred = preferredImplementation(problem);
  auto plan = std::make_unique<OneDnnPlan>(engine, implementation->stream);

  const dnnl::convolution_forward::desc forwardDesc(
      dnnl::prop_kind::forward_training, direct, descs.src,
      anyOrder(descs.weights), descs.dst, descs.stride, descs.dilation,
      descs.padBegin, descs.padEnd);
  switch (problem.product) {
  case ConvProduct::Forward: {
    auto forward = preferring<dnnl::convolution_forward>(preferred, forwardDesc,
                                                         attributes, engine);
    auto src = plan->input(FirstOperand, descs.src, forward.src_desc());
    auto weights =
        plan->input(SecondOperand, descs.weights, forward.weights_desc());
    plan->addProducer(forward, dnnl::convolution_forward(forward),
                      {{DNNL_ARG_SRC, src}, {DNNL_ARG_WEIGHTS, weights}},
                      DNNL_ARG_DST, forward.dst_desc(), descs.dst);
    break;
  }
  case ConvProduct::InputGrad: {
    const dnnl::convolution_forward::primitive_desc hint(forwardDesc,
                                                         attributes, engine);
    auto backward = preferring<dnnl::convolution_backward_data>(
        preferred,
        {direct, descs.src, anyOrder(descs.weights), descs.dst, descs.stride,
         descs.dilation, descs.padBegin, descs.padEnd},
        attributes, engine, hint);
    auto diffDst =
        plan->input(FirstOperand, descs.dst, backward.diff_dst_desc());
    auto weights =
        plan->input(SecondOperand, descs.weights, backward.weights_desc());
    plan->addProducer(
        backward, dnnl::convolution_backward_data(backward),
        {{DNNL_ARG_DIFF_DST, diffDst}, {DNNL_ARG_WEIGHTS, weights}},
        DNNL_ARG_DIFF_SRC, backward.diff_src_desc(), descs.src);
    break;
  }
  case ConvProduct::WeightGrad: {
    const dnnl::convolution_forward::primitive_desc hint(forwardDesc,
                                                         attributes, engine);
    auto backward = preferring<dnnl::convolution_backward_weights>(
        preferred,
        {direct, descs.src, anyOrder(descs.weights), descs.dst, descs.stride,
         descs.dilation, descs.padBegin, descs.padEnd},
        attributes, engine, hint);
    auto src = plan->input(FirstOperand, descs.src, backward.src_desc());
    auto diffDst =
        plan->input(SecondOperand, descs.dst, backward.diff_dst_desc());
    plan->addProducer(backward, dnnl::convolution_backward_weights(backward),
                      {{DNNL_ARG_SRC, src}, {DNNL_ARG_DIFF_DST, diffDst}},
                      DNNL_ARG_DIFF_WEIGHTS, backward.diff_weights_desc(),
                      descs.weights);
    break;
  }
  }
  return plan;
}

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

/// Descriptor of `batch` dense row-major matrices; transposed ones are stored
/// as (columns, rows).
static Desc matrixDesc(int64_t batch, int64_t rows, int64_t columns,
                       bool transposed) {
  Dims dims = {rows, columns};
  Dims strides = transposed ? Dims{1, rows} : Dims{columns, 1};
  if (batch > 1) {
    dims.insert(dims.begin(), batch);
    strides.insert(strides.begin(), rows * columns);
  }
  return Desc(dims, f32, strides);
}

std::unique_ptr<KernelPlan> OneDnn::makePlan(const MatmulProblem &problem) {
  const Desc a =
      matrixDesc(problem.batch, problem.m, problem.k, problem.transposeA);
  const Desc b =
      matrixDesc(problem.batch, problem.k, problem.n, problem.transposeB);
  const Desc c = matrixDesc(problem.batch, problem.m, problem.n, false);
  // oneDNN's first choice copies operands block by block, which does not pay
  // off for a product with a vector.
  const bool isVector = problem.m == 1 || problem.n == 1;
  auto desc =
      preferring<dnnl::matmul>(isVector ? "gemm:" : "", {a, b, c},
                               primitiveAttributes(), implementation->engine);
  auto plan = std::make_unique<OneDnnPlan>(implementation->engine,
                                           implementation->stream);
  plan->addProducer(desc, dnnl::matmul(desc),
                    {{DNNL_ARG_SRC, plan->at(FirstOperand, a)},
                     {DNNL_ARG_WEIGHTS, plan->at(SecondOperand, b)}},
                    DNNL_ARG_DST, desc.dst_desc(), c);
  return plan;
}
