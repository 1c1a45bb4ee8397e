//===- frac_runtime.h - What compiled programs and the runtime share ------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The C interface between code that the compiler generates and the runtime.
/// It is the only header the two sides share: generated code calls the
/// functions below by name, and the runtime finds everything it has to know of
/// a program in the `frac_program` that the object file exports.
///
/// Errors. Generated code is straight-line and never checks a status: a kernel
/// that fails records the first error in its `frac_runtime`, does nothing from
/// then on, and the caller of an entry asks `frac_runtime_error` afterwards.
///
/// Ownership. No function keeps a pointer to tensor data after it returns.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_H
#define FRAC_RUNTIME_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Version of everything in this header, bumped at each incompatible change.
#define FRAC_ABI_VERSION 3u

/// Alignment in bytes of the state, of the workspace and of every tensor that
/// the compiler places in them.
#define FRAC_ALIGNMENT 64

/// Number of parts that a reduction over a whole tensor is split into. It is a
/// constant, not the number of threads, so that sums are rounded in the same
/// order on any machine.
#define FRAC_REDUCTION_PARTS 16

/// A thread pool and the kernels' caches (oneDNN primitives, scratch memory).
/// One entry may run on it at a time.
typedef struct frac_runtime frac_runtime;

/// Makes a runtime with `threads` workers; 0 takes all cores the process may
/// use. Returns null when out of memory.
frac_runtime *frac_runtime_create(int32_t threads);

/// Frees the runtime; null is allowed.
void frac_runtime_destroy(frac_runtime *runtime);

/// Number of worker threads.
int32_t frac_runtime_threads(const frac_runtime *runtime);

/// The first error a kernel has met since creation, as one line of text, or
/// null when all went well. Owned by the runtime.
const char *frac_runtime_error(const frac_runtime *runtime);

//===----------------------------------------------------------------------===//
// Parallel loops
//===----------------------------------------------------------------------===//

/// The body of a parallel loop: handles iterations [begin, end). `args` are
/// the 64-bit words (pointers or integers) given to `frac_parallel_for`.
typedef void (*frac_range_fn)(int64_t begin, int64_t end, void *const *args);

/// Runs `body` over [0, extent), cut into contiguous ranges of at least
/// `grain` iterations. The ranges differ with the number of threads, so a body
/// must not make its result depend on them. Returns when all are done.
void frac_parallel_for(frac_runtime *runtime, int64_t extent, int64_t grain,
                       frac_range_fn body, void *const *args);

//===----------------------------------------------------------------------===//
// Contractions, in float
//===----------------------------------------------------------------------===//

/// Geometry of a convolution of 1 to 3 spatial dimensions; entries beyond
/// `spatial_rank` are ignored. Dilation 1 means dense. Activations lie
/// channels-last, (N, spatial..., C); weights lie as in ONNX,
/// (O, I / groups, kernel...). All are dense, in float.
typedef struct frac_conv_shape {
  int64_t spatial_rank;
  int64_t groups;
  int64_t in_channels;
  int64_t out_channels;
  int64_t input[3];
  int64_t output[3];
  int64_t kernel[3];
  int64_t stride[3];
  int64_t dilation[3];
  int64_t pad_begin[3];
  int64_t pad_end[3];
} frac_conv_shape;

/// dst = conv(src, weights): the forward product (ONNX Conv without bias).
void frac_conv_forward(frac_runtime *runtime, const frac_conv_shape *shape,
                       int64_t batch, const float *src, const float *weights,
                       float *dst);

/// diff_src = the gradient of the convolution by its input, from the gradient
/// `diff_dst` at its output. This is ONNX ConvTranspose as well.
void frac_conv_input_grad(frac_runtime *runtime, const frac_conv_shape *shape,
                          int64_t batch, const float *diff_dst,
                          const float *weights, float *diff_src);

/// diff_weights = the gradient of the convolution by its weights, summed over
/// the batch; overwrites.
void frac_conv_weight_grad(frac_runtime *runtime, const frac_conv_shape *shape,
                           int64_t batch, const float *src,
                           const float *diff_dst, float *diff_weights);

/// c[i] = op(a[i]) x op(b[i]) for i < batch: `c` is (batch, m, n); `a` is
/// (batch, m, k), or (batch, k, m) if transpose_a; `b` is (batch, k, n), or
/// (batch, n, k) if transpose_b. Dense, row-major, in float; overwrites `c`.
void frac_matmul(frac_runtime *runtime, int64_t batch, int64_t m, int64_t n,
                 int64_t k, int32_t transpose_a, int32_t transpose_b,
                 const float *a, const float *b, float *c);

//===----------------------------------------------------------------------===//
// Contractions of integers
//===----------------------------------------------------------------------===//

/// A tensor of integers q and the affine map that gives real numbers back:
/// x = scale q + zero. The integers are without sign, 0 <= q < 2^bits, and lie
/// dense in the layout of the float tensor that they stand for. They take one
/// byte each (uint8_t) where `bytes` is 1, which is enough for 8 bits, or two
/// (uint16_t) where it is 2, which is enough for 16. The zero point is a real
/// number; padding of a convolution is the real number 0, not an integer.
///
/// The scales and zeros are one each (`scale_dim` -1) or one for each index of
/// dimension `scale_dim` of the stored tensor: 0 in the weights of a
/// convolution is the output channel, 0 in an image is the sample. Widths are
/// one for the tensor (`bits_dim` -1) or one for each sample (`bits_dim` 0);
/// they are upper bounds that a kernel may rely on, and what the work is
/// counted by. Where scales and widths are both one for each sample, a width of
/// 0 leaves a sample out: it stands for zeros, whatever its integers, scale and
/// zero are. Nothing is counted for it, and convolutions do no work for it.
/// Where all samples are left out, no kernel runs.
typedef struct frac_quantized {
  const void *data;
  const float *scale;
  const float *zero;
  const int32_t *bits;
  int32_t bytes;
  int32_t scale_dim;
  int32_t bits_dim;
  int32_t reserved;
} frac_quantized;

/// As the float functions of the same names, with both operands quantized: the
/// result is the product of the real numbers that the integers stand for. Sums
/// are taken over integers without rounding. Work is counted by the definition,
/// also where minimal filtering takes fewer products.
///
/// Where the scale belongs to an index of the reduction (weights of an input
/// gradient with one scale for each output channel), either the sums of each
/// index are exact and added up in float, or the weights are brought to
/// integers with one scale for each input channel before the product. With 24
/// bits that changes them by less than 2^-23 of that channel's largest, with
/// minimal filtering by less than 2^-19.6, and in a matrix product, with 16
/// bits, by less than 2^-15.9.
void frac_qconv_forward(frac_runtime *runtime, const frac_conv_shape *shape,
                        int64_t batch, const frac_quantized *src,
                        const frac_quantized *weights, float *dst);
void frac_qconv_input_grad(frac_runtime *runtime, const frac_conv_shape *shape,
                           int64_t batch, const frac_quantized *diff_dst,
                           const frac_quantized *weights, float *diff_src);
void frac_qconv_weight_grad(frac_runtime *runtime, const frac_conv_shape *shape,
                            int64_t batch, const frac_quantized *src,
                            const frac_quantized *diff_dst,
                            float *diff_weights);
void frac_qmatmul(frac_runtime *runtime, int64_t batch, int64_t m, int64_t n,
                  int64_t k, int32_t transpose_a, int32_t transpose_b,
                  const frac_quantized *a, const frac_quantized *b, float *c);

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

/// One call of an entry.
typedef struct frac_invocation {
  frac_runtime *runtime;
  /// Samples in this call, 1 to the batch the program is planned for.
  int64_t batch;
  /// The program's variables, at the offsets its metadata names.
  unsigned char *state;
  /// Scratch memory of the planned size; contents need not survive.
  unsigned char *workspace;
  /// One dense tensor an input and an output, in the order of the metadata.
  const void *const *inputs;
  void *const *outputs;
} frac_invocation;

typedef void (*frac_entry_fn)(const frac_invocation *call);

/// Everything the runtime knows of a compiled program. `metadata` is JSON,
/// documented in docs/program-metadata.md.
typedef struct frac_program {
  uint64_t abi_version;
  const char *metadata;
  uint64_t metadata_size;
  /// Initial bytes of the state: variables in the order of their offsets. What
  /// lies beyond `initial_state_size` starts as zeros.
  const unsigned char *initial_state;
  uint64_t initial_state_size;
  /// The user's model, serialized; the metadata gives the place of every
  /// variable's values inside, so that trained ones can be put there. Behind it
  /// may lie the model with quantized operands that the metadata describes.
  const unsigned char *model;
  uint64_t model_size;
  /// Inputs: x..., gates if the metadata lists any (float, see `frac_gate`),
  /// target, hyper (float[16]), counter (int64[2]: seed,
  /// iteration), and, if the metadata lists precision symbols, widths: one
  /// int32_t a symbol, in their order. Outputs: loss, number of correct
  /// samples, gradient norm, each one float, and with gates the number of
  /// samples that chose each candidate, float[blocks][candidates]; where
  /// samples may skip a block twice that: behind them, of the samples that skip
  /// it, those for which it was computed all the same to train the gate, by the
  /// candidate that they then had in the forward pass.
  frac_entry_fn step;
  /// Inputs: x..., gates, target, widths as above. Outputs: loss, number of
  /// correct samples, choices as above.
  frac_entry_fn eval;
  /// Inputs: as step. Outputs: loss, with gates including the penalty, and
  /// choices as above. Leaves gradients in the variables of role
  /// "gradient"; changes no other variable.
  frac_entry_fn grad;
} frac_program;

/// Defined by the compiled object, read by the executable's `main`.
extern const frac_program frac_compiled_program;

/// Places of the numbers in the `hyper` input.
enum frac_hyper {
  FRAC_HYPER_LR = 0,
  FRAC_HYPER_MOMENTUM = 1,
  FRAC_HYPER_WEIGHT_DECAY = 2,
  FRAC_HYPER_BETA1 = 3,
  FRAC_HYPER_BETA2 = 4,
  FRAC_HYPER_EPSILON = 5,
  /// Largest allowed norm of all gradients together; 0 or less: no clipping.
  FRAC_HYPER_CLIP_NORM = 6,
  /// 1 - beta1^t and 1 - beta2^t at update t, counted from 1.
  FRAC_HYPER_CORRECTION1 = 7,
  FRAC_HYPER_CORRECTION2 = 8,
  /// Entries of the vector.
  FRAC_HYPER_SIZE = 16
};

/// Places of the numbers in the `gates` input, which K costs of candidates, K
/// widths of activations and K widths of errors follow.
enum frac_gate {
  /// The cost aimed at, in percent of float, and the ends of the range around
  /// it outside of which the penalty has its full weight.
  FRAC_GATE_TARGET = 0,
  FRAC_GATE_LOW = 1,
  FRAC_GATE_HIGH = 2,
  /// The part of its weight that it has inside.
  FRAC_GATE_INSIDE = 3,
  /// The weight of the penalty.
  FRAC_GATE_BETA = 4,
  /// The candidate that every gate chooses; negative: the gate's own choice.
  FRAC_GATE_FORCED = 5,
  /// The gradient by the choice is computed for the samples that leave the
  /// remainder PHASE when divided by PERIOD; for none if PHASE is negative.
  FRAC_GATE_PERIOD = 6,
  FRAC_GATE_PHASE = 7,
  FRAC_GATE_SIZE = 8
};

#ifdef __cplusplus
} // extern "C"
#endif

#endif // FRAC_RUNTIME_H
