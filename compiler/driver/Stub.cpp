#include "compiler/driver/Driver.h"
namespace frac { int runModel(const RunOptions &){return 1;} int inspectModel(const InspectOptions &){return 1;} int testOnnx(const TestOnnxOptions &){return 1;} }
