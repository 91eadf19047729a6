#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "data/dataset.h"

namespace actlab {

// The section `data` of the config: one row a type of data. There is no default type.
ComponentSection data_section();

// Reads or makes the data that a resolved section describes. Throws Error(kData) for files that are missing,
// damaged or not what the section says.
DataParts load_data(const Node& data, int64_t seed);

// The options of such a section that say where its files lie: "root".
std::vector<std::string> data_paths(const Node& data);

// What the section alone says, reading no data, of the task that the model learns (`labels` applied): the
// shape of its examples with the number of classes. Empty where the files will tell.
std::optional<ExampleShape> known_shape(const Node& data);

}  // namespace actlab
