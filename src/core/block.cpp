#include "core/block.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace actlab {
namespace {

[[noreturn]] void refuse_to_map(const std::filesystem::path& path, ExitStatus status,
                                const std::string& why) {
  throw Error(status, "cannot map " + path.string() + " into memory: " + why);
}

}  // namespace

Block::Block(Bytes bytes) {
  auto owned = std::make_shared<const Bytes>(std::move(bytes));
  view_ = *owned;
  owner_ = std::move(owned);
}

Block Block::map(const std::filesystem::path& path, ExitStatus status) {
  const Descriptor file = open_to_read(path, status);
  struct stat info {};
  void* address = MAP_FAILED;
  std::string why = "there is nothing in it";
  if (::fstat(file.get(), &info) == 0 && info.st_size > 0) {
    address = ::mmap(nullptr, static_cast<size_t>(info.st_size), PROT_READ, MAP_PRIVATE, file.get(), 0);
    why = std::strerror(errno);
  }
  if (address == MAP_FAILED) refuse_to_map(path, status, why);
  const auto size = static_cast<size_t>(info.st_size);
  Block block;
  block.owner_ =
      std::shared_ptr<const void>(address, [size](const void* at) { ::munmap(const_cast<void*>(at), size); });
  block.view_ = {static_cast<const uint8_t*>(address), size};
  return block;
}

Block Block::part(size_t offset, size_t size) const {
  Block block = *this;
  block.view_ = view_.subspan(offset, size);
  return block;
}

}  // namespace actlab
