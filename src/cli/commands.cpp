#include "cli/command.h"

namespace actlab {

const std::vector<Command>& commands() {
  static const std::vector<Command> table = {
      train_command(),    evaluate_command(), predict_command(),     report_command(),
      diagnose_command(), compare_command(),  activations_command(), lesson_command(),
      config_command(),   data_command(),     info_command(),
  };
  return table;
}

}  // namespace actlab
