#pragma once

#include <functional>
#include <string>

namespace actlab {

struct Serving {
  int port = 0;                                         // 0: a free one
  std::function<std::string()> page;                    // called for every request
  std::function<void(const std::string& url)> started;  // once it listens
  std::function<bool()> stop = {};                      // asked several times a second; empty: never
};

// Serves the page at http://127.0.0.1:PORT/ until `stop` says so. For this machine alone: it listens on the
// loopback address, and answers only GET / from a page of its own address (the Host header, so that another
// site's name that resolves to it gets nothing). Whoever connects can take little: the head of a request is
// at most 16 KiB and comes within 5 s, an answer is taken within 30 s, and of more than 16 connections the
// oldest is closed. Throws Error (1) when the port cannot be had.
void serve(const Serving& serving);

}  // namespace actlab
