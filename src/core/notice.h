#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace actlab {

// While one lives and it takes more than a moment, the status line says what the program is busy with.
class Notice {
 public:
  explicit Notice(std::string text);
  ~Notice();
  Notice(const Notice&) = delete;
  Notice& operator=(const Notice&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable done_;
  bool ended_ = false;
  std::thread waiter_;  // joinable only where a status line is shown
};

}  // namespace actlab
