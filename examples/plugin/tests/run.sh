#!/bin/sh
# run.sh LLVM-BIN FRAC-PLUGIN EXAMPLE-PLUGIN MODULE: passes of fracc and of the
# example over a module with the example's operation, in the stock mlir-opt.
set -eu
bin=$1 frac=$2 example=$3 module=$4

check() { # PREFIX PIPELINE
  "$bin/mlir-opt" "$module" \
    --load-dialect-plugin="$frac" --load-dialect-plugin="$example" \
    --load-pass-plugin="$frac" --load-pass-plugin="$example" \
    --pass-pipeline="builtin.module($2)" |
    "$bin/FileCheck" "$module" --check-prefix="$1"
}

check MACS example-annotate-macs
check QUANT 'frac-insert-quantize{activation-bits=4}'
check GRAD 'frac-build-backward{into=gradient arguments=0,1 strict}'
echo "the example's operation is counted, quantized and differentiated"
