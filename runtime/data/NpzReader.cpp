//===- NpzReader.cpp - Reading NumPy archives -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/NpzFile.h"
#include "runtime/support/Error.h"

namespace frac {

static constexpr const char *suffix = ".npy";

std::vector<std::string> NpzReader::names() const {
  std::vector<std::string> out;
  for (const ZipMember &member : archive.members()) {
    const std::string &name = member.name;
    if (name.size() > 4 && name.compare(name.size() - 4, 4, suffix) == 0)
      out.push_back(name.substr(0, name.size() - 4));
  }
  return out;
}

bool NpzReader::contains(const std::string &name) const {
  return archive.find(name + suffix) != nullptr;
}

NpyArray NpzReader::read(const std::string &name) const {
  const ZipMember *member = archive.find(name + suffix);
  if (!member) {
    std::string known;
    for (const std::string &other : names())
      known += (known.empty() ? "" : ", ") + other;
    fail(archive.path(),
         "holds no array '" + printable(name) +
             "' (it holds: " + printable(known.empty() ? "none" : known) + ")");
  }
  std::string subject = archive.path() + " [" + printable(name) + "]";
  NpyHeader header =
      parseNpyHeader(subject, archive.readPrefix(*member, maxNpyHeaderBytes));
  if (member->bytes != header.dataOffset + header.dataBytes)
    fail(subject, "has " + std::to_string(member->bytes - header.dataOffset) +
                      " bytes of elements, but its header says " +
                      std::to_string(header.dataBytes) +
                      "; the file is damaged, write it again");
  NpyArray array;
  array.type = header.type;
  array.shape = std::move(header.shape);
  array.bytes = archive.read(*member, header.dataOffset);
  return array;
}

} // namespace frac
