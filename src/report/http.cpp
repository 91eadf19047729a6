#include "report/http.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace actlab {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// The next line without its end, taken off `text`.
std::string_view take_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// What comes before the next space, taken off `text` with it.
std::string_view take_word(std::string_view& text) {
  const size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

const char* reason_of(int status) {
  constexpr std::array<std::pair<int, const char*>, 7> kReasons = {{{200, "OK"},
                                                                    {400, "Bad Request"},
                                                                    {403, "Forbidden"},
                                                                    {404, "Not Found"},
                                                                    {405, "Method Not Allowed"},
                                                                    {431, "Request Header Fields Too Large"},
                                                                    {500, "Internal Server Error"}}};
  const auto* found = std::ranges::find(kReasons, status, &std::pair<int, const char*>::first);
  return found == kReasons.end() ? "" : found->second;
}

}  // namespace

bool head_is_complete(std::string_view received) {
  return received.find("\r\n\r\n") != std::string_view::npos ||
         received.find("\n\n") != std::string_view::npos;
}

std::optional<HttpRequest> parse_head(std::string_view head) {
  HttpRequest request;
  std::string_view line = take_line(head);
  request.method = take_word(line);
  const std::string_view target = take_word(line);
  request.path = target.substr(0, target.find_first_of("?#"));
  if (request.method.empty() || target.empty() || !line.starts_with("HTTP/1.")) return std::nullopt;
  int hosts = 0;
  for (line = take_line(head); !line.empty(); line = take_line(head)) {
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    if (!same_name(line.substr(0, colon), "Host")) continue;
    ++hosts;
    request.host = trimmed(line.substr(colon + 1));
  }
  if (hosts != 1) return std::nullopt;
  return request;
}

std::string http_response(int status, std::string_view type, std::string_view content) {
  std::string response = "HTTP/1.1 " + std::to_string(status) + " " + reason_of(status) + "\r\n";
  response += "Content-Type: " + std::string(type) + "\r\n";
  response += "Content-Length: " + std::to_string(content.size()) + "\r\n";
  response +=
      "Connection: close\r\n"
      "X-Content-Type-Options: nosniff\r\n"
      "X-Frame-Options: DENY\r\n"
      "Referrer-Policy: no-referrer\r\n"
      "Cross-Origin-Resource-Policy: same-origin\r\n"
      "Cache-Control: no-store\r\n";
  if (status == 405) response += "Allow: GET\r\n";
  response += "\r\n";
  return response.append(content);
}

}  // namespace actlab
