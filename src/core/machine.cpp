#include "core/machine.h"

#include <sys/utsname.h>

#include <ctime>
#include <fstream>
#include <thread>

namespace actlab {
namespace {

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    const size_t colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

}  // namespace

nlohmann::ordered_json machine() {
  utsname system{};
  uname(&system);
  return {{"os", std::string(system.sysname) + " " + system.release + " " + system.machine},
          {"cpu", cpu_name()},
          {"cores", std::thread::hardware_concurrency()}};
}

std::string utc_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace actlab
