#include "core/memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <new>
#include <stdexcept>
#include <string_view>

#include "core/error.h"
#include "core/text.h"

namespace actlab {
namespace {

constexpr uint64_t kUnlimited = UINT64_MAX;

uint64_t free_of_machine() {
  std::ifstream file("/proc/meminfo");
  uint64_t kilobytes = 0;
  bool known = false;
  std::string name;
  uint64_t value = 0;
  for (std::string unit; file >> name >> value; std::getline(file, unit)) {
    if (name == "MemAvailable:") known = true;
    if (name == "MemAvailable:" || name == "SwapFree:") kilobytes += value;
  }
  return known ? kilobytes * 1024 : kUnlimited;
}

uint64_t free_address_space() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnlimited;
  std::ifstream file("/proc/self/statm");
  uint64_t pages = 0;
  file >> pages;
  const uint64_t used = pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

// Of the process's control group (version 2) and those around it. Not what is left of it: what files occupy
// there is given up when it is needed.
uint64_t limit_of_control_group() {
  std::ifstream groups("/proc/self/cgroup");
  std::string path;
  for (std::string line; std::getline(groups, line);) {
    if (line.starts_with("0::")) path = line.substr(3);
  }
  uint64_t least = kUnlimited;
  while (true) {
    std::ifstream file("/sys/fs/cgroup" + path + "/memory.max");
    uint64_t limit = 0;
    if (file >> limit) least = std::min(least, limit);
    if (path.empty()) return least;
    path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  }
}

// The number that follows the words, or 0.
uint64_t number_after(std::string_view text, std::string_view words) {
  const size_t at = text.find(words);
  uint64_t number = 0;
  if (at == std::string_view::npos) return 0;
  const char* begin = text.data() + at + words.size();
  std::from_chars(begin, text.data() + text.size(), number);
  return number;
}

// LibTorch's allocators for the CPU and for CUDA, and oneDNN.
bool says_out_of_memory(std::string_view text) {
  constexpr std::array<std::string_view, 4> kSigns = {"can't allocate memory", "out of memory",
                                                      "out_of_memory", "could not create a memory"};
  return std::ranges::any_of(
      kSigns, [&](std::string_view sign) { return text.find(sign) != std::string_view::npos; });
}

}  // namespace

std::string bytes_text(uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " bytes";
  constexpr std::array kUnits = {"kB", "MB", "GB", "TB", "PB", "EB"};
  size_t unit = 0;
  double number = static_cast<double>(bytes) / 1000;
  while (number >= 999.95 && unit + 1 < kUnits.size()) {
    number /= 1000;
    ++unit;
  }
  return formatted("%.1f %s", number, kUnits[unit]);
}

uint64_t memory_left() {
  return std::min({free_of_machine(), free_address_space(), limit_of_control_group()});
}

void check_memory(uint64_t bytes, const std::string& what) {
  constexpr uint64_t kLittle = 64 << 20;  // not worth asking the system
  if (bytes < kLittle) return;
  const uint64_t left = memory_left();
  if (bytes <= left) return;
  throw Error(ExitStatus::kFailed, "out of memory: " + what + " needs " + bytes_text(bytes) +
                                       ", and there are " + bytes_text(left) + " left");
}

std::optional<uint64_t> out_of_memory(const std::exception& exception) {
  if (dynamic_cast<const Error*>(&exception) != nullptr) return std::nullopt;
  const std::string_view text = exception.what();
  if (says_out_of_memory(text)) return number_after(text, "you tried to allocate ");
  const bool ours = dynamic_cast<const std::bad_alloc*>(&exception) != nullptr ||
                    dynamic_cast<const std::length_error*>(&exception) != nullptr;
  return ours ? std::optional<uint64_t>(0) : std::nullopt;
}

std::string out_of_memory_text(const std::string& what, uint64_t asked_for) {
  return "out of memory: " + what +
         (asked_for > 0 ? " asked for " + bytes_text(asked_for) + " at once" : " needs more than there is");
}

void name_out_of_memory(const std::exception& exception, const std::string& what) {
  const auto asked_for = out_of_memory(exception);
  if (asked_for) throw Error(ExitStatus::kFailed, out_of_memory_text(what, *asked_for));
}

}  // namespace actlab
