#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "core/file.h"

namespace actlab {

// Bytes that do not change, shared by all copies of the block: in memory, or of a file that is mapped into
// it.
class Block {
 public:
  Block() = default;
  explicit Block(Bytes bytes);

  // The whole of a regular file, of which the system reads what is looked at. It must not be cut short
  // meanwhile: what is replaced by renaming, as `data fetch` and most programs do, is safe. Throws
  // Error(`status`) naming the path when it cannot be mapped.
  static Block map(const std::filesystem::path& path, ExitStatus status);

  std::span<const uint8_t> bytes() const { return view_; }

  // `size` bytes from `offset` on, which must be there.
  Block part(size_t offset, size_t size) const;

 private:
  std::shared_ptr<const void> owner_;
  std::span<const uint8_t> view_;
};

}  // namespace actlab
