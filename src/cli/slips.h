#pragma once

#include <string>
#include <vector>

// The commonest slips on a command line, and what was meant.
namespace actlab {

// What to do instead of a command or action of that name, which is not there but which other programs have:
// "did you mean 'evaluate'?", or words on how it is done here; empty for a name that says nothing. `within`
// is "data " for an action of `data`.
std::string instead_of_command(const std::string& name, const std::string& within);

// What to do instead of the flag `name` (without its dashes), of which `value` is what follows; `keys` are
// those of the config, or none where the command takes no key=value. "train.epochs=1" for --epochs 1. Empty
// for one that says nothing.
std::string instead_of_flag(const std::string& name, const std::string& value,
                            const std::vector<std::string>& keys, bool exactly);

}  // namespace actlab
