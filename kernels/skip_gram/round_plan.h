#pragma once

#include <cstdint>
#include <vector>

#include "kernels/skip_gram/round_rows.h"
#include "kernels/skip_gram/training_operands.h"
#include "kernels/skip_gram/window_rows.h"
#include "kernels/skip_gram/windows.h"

namespace matinee::skip_gram {

// One window of a plan.
struct PlannedWindow {
  int32_t inputs, outputs;
  int64_t first_place;     // of its rows in RoundPlan::slots: inputs, then outputs
  int64_t first_new_slot;  // rows from here to the next window's stand in no window before
  float rate;              // of learning
};

// What one thread does in a round, known before any vector is read: who else has a row decides how it is moved.
struct RoundPlan {
  explicit RoundPlan(int64_t most_rows) : rows(most_rows) {}

  // Targets first .. last-1 of the windows.
  void make(const TrainingOperands& operands, int64_t epoch, const Windows& of, int64_t first, int64_t last);
  int64_t new_slots_end(std::size_t window) const {
    return window + 1 < windows.size() ? windows[window + 1].first_new_slot : rows.size();
  }

  RoundRows rows;
  std::vector<PlannedWindow> windows;
  std::vector<int32_t> slots;

 private:
  WindowWords words_;
};

}  // namespace matinee::skip_gram
