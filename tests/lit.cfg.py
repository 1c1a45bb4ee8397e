"""Tests of intermediate code: every .mlir file under tests/ is run by lit."""

import lit.formats
from lit.llvm import llvm_config

config.name = "fracc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir"]
config.excludes = ["Inputs"]
config.test_source_root = config.frac_source_dir + "/tests"
config.test_exec_root = config.frac_binary_dir + "/tests"

llvm_config.with_environment("PATH", config.llvm_tools_dir, append_path=True)
llvm_config.with_environment("PATH", config.frac_tools_dir, append_path=True)
llvm_config.with_environment("PATH", config.frac_test_tools_dir, append_path=True)
