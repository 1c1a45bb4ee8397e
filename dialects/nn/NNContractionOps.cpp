#include "dialects/nn/NNDialect.h"
using namespace mlir;
using namespace frac::nn;
