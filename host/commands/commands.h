#pragma once

#include <CLI/CLI.hpp>

namespace matinee::host {

// Each adds one subcommand, or a few that belong together; they run when the command line is parsed. Results go to
// stdout. Failures are Error, a stop by a signal is engine::Stopped.
void add_train(CLI::App& app);
void add_validate(CLI::App& app);
void add_plan(CLI::App& app);
void add_recommend(CLI::App& app);
void add_similar(CLI::App& app);
void add_search(CLI::App& app);
void add_evaluate(CLI::App& app);
void add_publish(CLI::App& app);  // publish, rollback
void add_verify(CLI::App& app);
void add_doctor(CLI::App& app);
void add_bench(CLI::App& app);
void add_schema(CLI::App& app);

}  // namespace matinee::host
