#include "core/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace actlab {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool is_on(const char* name) {
  const std::string value = variable(name);
  return !value.empty() && value != "0" && value != "false";
}

bool understands_escapes(int descriptor) {
  const std::string kind = variable("TERM");
  return isatty(descriptor) == 1 && !kind.empty() && kind != "dumb";
}

}  // namespace

bool has_color(int descriptor) {
  if (!variable("NO_COLOR").empty()) return false;
  if (is_on("FORCE_COLOR") || is_on("CLICOLOR_FORCE")) return true;
  if (variable("FORCE_COLOR") == "0" || variable("CLICOLOR") == "0") return false;
  return understands_escapes(descriptor) && !is_on("CI");
}

bool can_redraw(int descriptor) {
  return understands_escapes(descriptor) && !is_on("CI");
}

int terminal_width(int descriptor, int otherwise) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return otherwise;
  return size.ws_col;
}

std::string colored(std::string_view text, Color color) {
  const char* code = color == Color::kGreen ? "32" : color == Color::kYellow ? "33" : "31";
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace actlab
