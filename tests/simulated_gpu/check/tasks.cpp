#include "check/tasks.h"

#include "check/places.h"
#include "runtime/errors.h"
#include "runtime/operations.h"

namespace simulated_gpu {

void Tasks::enter(const Launch* launch) {
  const Operation* operation = running_operation();
  if (!operation) return;
  if (operation->number == tasks_.back().operation) return;
  if (tasks_.size() > Record::kMostTasks) stop_unsupported("more than 16 million operations with checks on");
  Task task;
  task.operation = operation->number;
  task.lane = operation->time.lane;
  task.position = operation->time.position;
  task.name = operation->work.name;
  task.is_kernel = launch != nullptr;
  if (launch) {
    task.geometry = launch->geometry;
    task.source = launch->source;
  }
  tasks_.push_back(std::move(task));
  known_before_.push_back(0);
}

bool Tasks::find_before_current(uint32_t task) {
  const Operation* operation = running_operation();
  if (!operation || !operation->time.is_after(tasks_[task].lane, tasks_[task].position)) return false;
  known_before_[task] = current();
  return true;
}

std::string Tasks::describe(const Record& record) const {
  const Task& task = tasks_[record.task()];
  if (!task.is_kernel) return task.name;
  return describe_thread(task.geometry, record.thread(), record.block()) + " at " + task.source(record.pc());
}

}  // namespace simulated_gpu
