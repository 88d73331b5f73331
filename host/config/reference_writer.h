#pragma once

#include <string>
#include <string_view>

#include "engine/parameters.h"

namespace matinee::host {

// Writes Markdown tables of parameters: one of the group, then one of each group inside it.
class ReferenceWriter : public engine::Parameters {
 public:
  // `path` names the group in headings, dotted as for --set, empty: the job itself; `variant` follows it in the first.
  explicit ReferenceWriter(std::string path, std::string_view sentence = "", std::string_view variant = "");

  // A row of another making.
  void row(std::string_view name, std::string_view type, std::string_view standard, std::string_view allowed,
           std::string_view sentence);
  // Markdown, blank line at the end.
  std::string page() const;

  void integer(std::string_view name, int64_t& value, engine::Range<int64_t> range, std::string_view unit,
               std::string_view sentence) override;
  void real(std::string_view name, double& value, engine::Range<double> range, std::string_view unit,
            std::string_view sentence) override;
  void optional_real(std::string_view name, std::optional<double>& value, engine::Range<double> range,
                     std::string_view unit, std::string_view sentence) override;
  void flag(std::string_view name, bool& value, std::string_view sentence) override;
  void text(std::string_view name, std::string& value, std::string_view sentence) override;
  void path(std::string_view name, std::string& value, std::string_view sentence) override;
  void paths(std::string_view name, std::vector<std::string>& value, std::string_view sentence) override;
  void one_of(std::string_view name, int& value, std::span<const std::string_view> names,
              std::string_view sentence) override;
  void integers(std::string_view name, std::vector<int64_t>& value, engine::Range<int64_t> range, std::string_view unit,
                std::string_view sentence) override;
  void texts(std::string_view name, std::vector<std::string>& value, std::string_view sentence) override;
  void some_of(std::string_view name, std::vector<int>& value, std::span<const std::string_view> names,
               std::string_view sentence) override;
  void model_reference(std::string_view name, std::string& model, std::string_view sentence) override;
  void group(std::string_view name, std::string_view sentence,
             const std::function<void(Parameters&)>& describe) override;
  void groups(std::string_view name, std::string_view sentence, const std::function<void(Parameters&)>& append,
              int64_t count, const std::function<void(Parameters&, int64_t)>& existing) override;
  void reject(std::string_view, std::string_view) override {}

 private:
  std::string path_, intro_, variant_, rows_, inner_;
};

}  // namespace matinee::host
