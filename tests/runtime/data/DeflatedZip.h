//===- DeflatedZip.h - Compressed archives ----------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_TESTS_RUNTIME_DATA_DEFLATEDZIP_H
#define FRAC_TESTS_RUNTIME_DATA_DEFLATEDZIP_H

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace frac::test {

/// An archive in the plain format, without zip64, of deflated members.
std::vector<unsigned char> deflatedZip(
    const std::vector<std::pair<std::string, std::vector<unsigned char>>>
        &files);

} // namespace frac::test

#endif // FRAC_TESTS_RUNTIME_DATA_DEFLATEDZIP_H
