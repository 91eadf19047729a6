#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>

namespace actlab {

// "800 bytes", "3.1 GB"
std::string bytes_text(uint64_t bytes);

// What this process may still take: the least of what the machine has left with its swap, and of what a limit
// of address space (ulimit -v) or of a control group (a container's) allows. UINT64_MAX where nothing tells.
uint64_t memory_left();

// Throws Error (1) when `what` ("the 1000 weights of the model") needs more bytes than are left. For what is
// known before it is asked for: a system that promises more than it has ends the process later, without a
// word.
void check_memory(uint64_t bytes, const std::string& what);

// Whether the exception says that memory has run out, on the CPU or on a GPU: std::bad_alloc, or one of
// LibTorch's, which are known here by their text. The bytes that were asked for at once, 0 where it does not
// say.
std::optional<uint64_t> out_of_memory(const std::exception& exception);

// The message of such an error.
std::string out_of_memory_text(const std::string& what, uint64_t asked_for);

// Throws Error (1) naming `what`, where out_of_memory(exception).
void name_out_of_memory(const std::exception& exception, const std::string& what);

// What `work` returns. Where memory runs out in it, throws Error (1) that says for what: "training on batches
// of 100 x [1, 28, 28]". Of calls within each other the innermost is named.
template <class Work>
auto with_memory_for(const std::string& what, Work&& work) {
  try {
    return work();
  } catch (const std::exception& e) {
    name_out_of_memory(e, what);
    throw;
  }
}

}  // namespace actlab
