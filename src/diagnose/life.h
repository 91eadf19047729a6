#pragma once

#include <map>
#include <string>
#include <vector>

#include "diagnose/record.h"

namespace actlab {

// Follows every unit from one examination to the next. A birth is a unit that responds for the first time, a
// death one that responded at the examination before and no longer does, a revival one that responds again
// after a death. The first examination of a layer only sets the scene.
class LifeTable {
 public:
  // Fills in births, deaths and revivals of the layers from their dead units. Examinations come in order;
  // going through those that diagnostics.jsonl keeps brings the table back to where it was.
  void follow(Examination& examination);

 private:
  struct Unit {
    bool alive = false;
    bool ever_alive = false;
  };
  std::map<std::string, std::vector<Unit>> layers_;
};

}  // namespace actlab
