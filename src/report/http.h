#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace actlab {

// As much of HTTP/1.1 (RFC 9112) as a server of one page needs.

// The head of a request that was understood.
struct HttpRequest {
  std::string method;  // "GET"
  std::string path;    // "/", without a query
  std::string host;    // of the Host header, which there is exactly one of
};

// Whether all of a request's head is there: an empty line ends it.
bool head_is_complete(std::string_view received);

// Empty where the head is malformed.
std::optional<HttpRequest> parse_head(std::string_view head);

// What is sent back: the connection is closed after it, nothing may keep it, and other sites may not use it.
// `status` is 200, 400, 403, 404, 405, 431 or 500.
std::string http_response(int status, std::string_view type, std::string_view content);

}  // namespace actlab
