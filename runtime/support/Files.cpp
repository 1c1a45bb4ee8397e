//===- Files.cpp - Bounded reading and atomic writing of files ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/support/Files.h"

#include "runtime/support/Error.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace frac {

/// Closes a descriptor at the end of a scope.
namespace {
struct Descriptor {
  int fd;
  explicit Descriptor(int fd) : fd(fd) {}
  ~Descriptor() {
    if (fd >= 0)
      ::close(fd);
  }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
};
} // namespace

static std::string systemMessage(int code) {
  std::string text = std::strerror(code);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z')
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

bool fileExists(const std::string &path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0;
}

bool isDirectory(const std::string &path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

InputFile::InputFile(const std::string &path) : name(path) {
  // Opening a pipe nobody writes to would wait for ever.
  descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    fail(path, "cannot be opened: " + systemMessage(errno));
  struct stat info;
  bool regular = ::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode);
  if (!regular) {
    ::close(descriptor);
    descriptor = -1;
    fail(path, "not a regular file; give the path of a file");
  }
  bytes = static_cast<uint64_t>(info.st_size);
}

InputFile::~InputFile() {
  if (descriptor >= 0)
    ::close(descriptor);
}

void InputFile::readAt(uint64_t offset, void *buffer, uint64_t count) const {
  if (offset > bytes || count > bytes - offset)
    fail(name, "ends too early; the file is truncated, get it again");
  auto *out = static_cast<unsigned char *>(buffer);
  while (count) {
    size_t chunk = static_cast<size_t>(std::min<uint64_t>(count, 1u << 30));
    ssize_t got = ::pread(descriptor, out, chunk, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      fail(name, "cannot be read: " + systemMessage(errno));
    if (got == 0)
      fail(name, "became shorter while it was read");
    out += got;
    offset += static_cast<uint64_t>(got);
    count -= static_cast<uint64_t>(got);
  }
}

std::vector<unsigned char> readFile(const std::string &path) {
  InputFile file(path);
  std::vector<unsigned char> bytes(static_cast<size_t>(file.size()));
  file.readAt(0, bytes.data(), bytes.size());
  return bytes;
}

static std::string folderOf(const std::string &path) {
  size_t slash = path.find_last_of('/');
  if (slash == std::string::npos)
    return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// The file that is really meant: a symbolic link stays one.
static std::string resolveLinks(const std::string &path) {
  char *resolved = ::realpath(path.c_str(), nullptr);
  if (!resolved)
    return path;
  std::string out = resolved;
  std::free(resolved);
  return out;
}

static bool writeAll(int fd, const std::vector<ByteRange> &parts) {
  for (const ByteRange &part : parts) {
    const auto *data = static_cast<const unsigned char *>(part.first);
    uint64_t left = part.second;
    while (left) {
      ssize_t put = ::write(fd, data, std::min<uint64_t>(left, 1u << 30));
      if (put < 0 && errno == EINTR)
        continue;
      if (put < 0)
        return false;
      data += put;
      left -= static_cast<uint64_t>(put);
    }
  }
  return true;
}

static bool isSpecial(const std::string &path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode);
}

void writeFileAtomically(const std::string &path,
                         const std::vector<ByteRange> &parts) {
  if (isDirectory(path))
    fail(path, "is a folder; give the name of a file");
  if (isSpecial(path)) {
    Descriptor out(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (out.fd < 0 || !writeAll(out.fd, parts))
      fail(path, "cannot be written: " + systemMessage(errno));
    return;
  }

  std::string target = resolveLinks(path);
  // The name is fixed, so that runs that were killed leave one file at most.
  std::string temporary = target + ".tmp";
  ::unlink(temporary.c_str());
  {
    Descriptor out(::open(temporary.c_str(),
                          O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (out.fd < 0)
      fail(path, "cannot be written: " + systemMessage(errno));
    if (!writeAll(out.fd, parts) || ::fsync(out.fd) != 0) {
      int code = errno;
      ::unlink(temporary.c_str());
      fail(path, "cannot be written: " + systemMessage(code));
    }
  }
  if (::rename(temporary.c_str(), target.c_str()) != 0) {
    int code = errno;
    ::unlink(temporary.c_str());
    fail(path, "cannot be written: " + systemMessage(code));
  }
  // The new name is durable once the folder is. Some file systems cannot flush
  // a folder; the file itself is complete in any case.
  Descriptor folder(
      ::open(folderOf(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.fd >= 0)
    (void)::fsync(folder.fd);
}

void checkWritable(const std::string &path) {
  if (isDirectory(path))
    fail(path, "is a folder; give the name of a file");
  if (isSpecial(path))
    return;
  std::string folder = folderOf(resolveLinks(path));
  if (!isDirectory(folder))
    fail(path,
         "cannot be written: there is no folder " + folder + "; make it first");
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    fail(path, "cannot be written: " + systemMessage(errno) + " in " + folder);
}

} // namespace frac
