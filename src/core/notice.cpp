#include "core/notice.h"

#include <chrono>
#include <utility>

#include "core/log.h"

namespace actlab {

Notice::Notice(std::string text) {
  static constexpr auto kMoment = std::chrono::milliseconds(400);
  if (!shows_status()) return;
  waiter_ = std::thread([this, line = std::move(text)] {
    std::unique_lock lock(mutex_);
    if (!done_.wait_for(lock, kMoment, [this] { return ended_; })) draw_status(line + " ...");
  });
}

Notice::~Notice() {
  if (!waiter_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  done_.notify_one();
  waiter_.join();
  clear_status();
}

}  // namespace actlab
