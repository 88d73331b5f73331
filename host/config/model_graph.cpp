#include "host/config/model_graph.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "host/config/suggestions.h"

namespace matinee::host {
namespace {

class CycleSearch {
 public:
  CycleSearch(std::span<const ModelNode> models, ConfigErrors& errors)
      : models_(models), errors_(errors), states_(models.size(), State::kUnseen) {}

  void visit(std::size_t model) {
    states_[model] = State::kOnPath;
    path_.push_back(model);
    for (const ModelReference& reference : models_[model].references) {
      const auto target = std::ranges::find(models_, reference.model, &ModelNode::name);
      if (target == models_.end()) continue;
      const auto next = static_cast<std::size_t>(target - models_.begin());
      if (states_[next] == State::kOnPath) report(reference, next);
      if (states_[next] == State::kUnseen) visit(next);
    }
    path_.pop_back();
    states_[model] = State::kDone;
  }

  bool seen(std::size_t model) const { return states_[model] != State::kUnseen; }

 private:
  enum class State : uint8_t { kUnseen, kOnPath, kDone };

  void report(const ModelReference& reference, std::size_t first) {
    std::string cycle;
    for (auto step = std::ranges::find(path_, first); step != path_.end(); ++step) cycle += models_[*step].name + " → ";
    errors_.add(reference.pointer,
                fmt::format("models that need each other cannot be trained: {}{}", cycle, models_[first].name));
  }

  std::span<const ModelNode> models_;
  ConfigErrors& errors_;
  std::vector<State> states_;
  std::vector<std::size_t> path_;
};

}  // namespace

void check_references(std::span<const ModelReference> references, const std::vector<std::string>& models,
                      ConfigErrors& errors) {
  for (const ModelReference& reference : references) {
    if (std::ranges::find(models, reference.model) != models.end()) continue;
    errors.add(reference.pointer,
               fmt::format("no model \"{}\" in this job; {}", reference.model, suggestion(reference.model, models)));
  }
}

void check_cycles(std::span<const ModelNode> models, ConfigErrors& errors) {
  CycleSearch search(models, errors);
  for (std::size_t model = 0; model < models.size(); ++model) {
    if (!search.seen(model)) search.visit(model);
  }
}

}  // namespace matinee::host
