#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/parameters.h"
#include "host/config/config_errors.h"
#include "host/config/job_document.h"

namespace matinee::host {

// A parameter that names a model.
struct ModelReference {
  std::string pointer;
  std::string model;
};

// What the readers of one job share.
struct ReadSession {
  const JobDocument& document;
  ConfigErrors& errors;
  std::vector<ModelReference> references = {};
  std::set<std::string> accepted = {};  // pointers of all parameters of this job
  struct UnknownKey {
    std::string pointer, key;
    std::vector<std::string> siblings;  // the keys that the group accepts
  };
  std::vector<UnknownKey> unknown = {};

  // Once everything is read: then it is known where else a misplaced key would have been right.
  void report_unknown_keys();
};

// Reads one group of a job file into the variables that `describe` names; what the file does not have keeps its
// default. Errors are collected, and the variable keeps its default then.
class JsonReader : public engine::Parameters {
 public:
  // `group` may be null, or no object (an error): then everything keeps its default.
  JsonReader(ReadSession& session, const Json* group, std::string pointer);
  // Takes note of the keys that nobody asked for.
  ~JsonReader() override;
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  // The member, or null; from then on its key is no unknown one.
  const Json* take(std::string_view name);
  // Unknown keys are not told: what the group accepts is not known.
  void ignore_rest() { group_ = nullptr; }

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
  void data_file(std::string_view name, std::string& value, std::string_view sentence) override;
  void data_files(std::string_view name, std::vector<std::string>& value, std::string_view sentence) override;
  void some_of(std::string_view name, std::vector<int>& value, std::span<const std::string_view> names,
               std::string_view sentence) override;
  void model_reference(std::string_view name, std::string& model, std::string_view sentence) override;
  void group(std::string_view name, std::string_view sentence,
             const std::function<void(Parameters&)>& describe) override;
  void groups(std::string_view name, std::string_view sentence, const std::function<void(Parameters&)>& append,
              int64_t count, const std::function<void(Parameters&, int64_t)>& existing) override;
  void reject(std::string_view name, std::string_view problem) override;
  bool refused(std::string_view name) const override;

 private:
  ReadSession& session_;
  const Json* group_;
  std::string pointer_;
  std::vector<std::string> names_;  // asked for
};

}  // namespace matinee::host
