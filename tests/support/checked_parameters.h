#pragma once

#include <set>
#include <string>

#include "engine/parameters.h"

namespace matinee::test {

// Reads a declaration as the schema does, and fails the test where it is not in order: a name that is not snake_case or
// stands twice, a sentence that is none, a default outside its range.
class CheckedParameters : public engine::Parameters {
 public:
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
  void reject(std::string_view name, std::string_view problem) override;

 private:
  void declare(std::string_view name, std::string_view sentence);

  std::set<std::string, std::less<>> names_;
};

}  // namespace matinee::test
