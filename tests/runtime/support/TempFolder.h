//===- TempFolder.h - A folder that a test may fill -------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_TESTS_RUNTIME_SUPPORT_TEMPFOLDER_H
#define FRAC_TESTS_RUNTIME_SUPPORT_TEMPFOLDER_H

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace frac::test {

/// An empty folder that is removed with all it holds at the end of a scope.
class TempFolder {
public:
  TempFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "frac-test-XXXXXX").string();
    root = ::mkdtemp(pattern.data());
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(root, ignored);
  }
  TempFolder(const TempFolder &) = delete;
  TempFolder &operator=(const TempFolder &) = delete;

  std::string path(const std::string &name = "") const {
    return name.empty() ? root : root + "/" + name;
  }

  /// Writes a file and returns its path.
  std::string write(const std::string &name,
                    const std::vector<unsigned char> &bytes) const {
    // Emptying an old file instead makes some file systems wait for the disk.
    std::filesystem::remove(path(name));
    std::ofstream out(path(name), std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char *>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
    return path(name);
  }

  /// The bytes of a file; none if it does not exist.
  std::vector<unsigned char> read(const std::string &name) const {
    std::ifstream in(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

private:
  std::string root;
};

} // namespace frac::test

#endif // FRAC_TESTS_RUNTIME_SUPPORT_TEMPFOLDER_H
