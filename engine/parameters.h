#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace matinee::engine {

template <typename T>
struct Range {
  T minimum = std::numeric_limits<T>::lowest();
  T maximum = std::numeric_limits<T>::max();
  bool above_minimum = false;  // the minimum itself is out of range
};

// One declaration of each parameter. A parameter group has `void describe(Parameters& p)`, which names each parameter
// once: name, variable (its value on entry is the default), range, unit, sentence. Parsing, the resolved job file,
// the JSON Schema and the reference page are implementations of this interface that are handed to `describe`.
class Parameters {
 public:
  virtual ~Parameters() = default;

  virtual void integer(std::string_view name, int64_t& value, Range<int64_t> range, std::string_view unit,
                       std::string_view sentence) = 0;
  virtual void real(std::string_view name, double& value, Range<double> range, std::string_view unit,
                    std::string_view sentence) = 0;
  virtual void optional_real(std::string_view name, std::optional<double>& value, Range<double> range,
                             std::string_view unit, std::string_view sentence) = 0;
  virtual void flag(std::string_view name, bool& value, std::string_view sentence) = 0;
  virtual void text(std::string_view name, std::string& value, std::string_view sentence) = 0;
  // A file or folder: relative to the job file, or to the working directory where --set gave it. Parsed to an absolute
  // path.
  virtual void path(std::string_view name, std::string& value, std::string_view sentence) = 0;
  virtual void paths(std::string_view name, std::vector<std::string>& value, std::string_view sentence) = 0;
  // One of `names`; `value` is the index of the name.
  virtual void one_of(std::string_view name, int& value, std::span<const std::string_view> names,
                      std::string_view sentence) = 0;
  virtual void integers(std::string_view name, std::vector<int64_t>& value, Range<int64_t> range, std::string_view unit,
                        std::string_view sentence) = 0;
  virtual void texts(std::string_view name, std::vector<std::string>& value, std::string_view sentence) = 0;
  // Files of the dataset: relative to its folder, or to the working directory where --set gave them, which makes them
  // absolute.
  virtual void data_file(std::string_view name, std::string& value, std::string_view sentence) {
    text(name, value, sentence);
  }
  virtual void data_files(std::string_view name, std::vector<std::string>& value, std::string_view sentence) {
    texts(name, value, sentence);
  }
  // A list of `names`; `value` holds indices.
  virtual void some_of(std::string_view name, std::vector<int>& value, std::span<const std::string_view> names,
                       std::string_view sentence) = 0;
  // The name of another model of the job, which is trained before; empty: none.
  virtual void model_reference(std::string_view name, std::string& model, std::string_view sentence) = 0;
  virtual void group(std::string_view name, std::string_view sentence,
                     const std::function<void(Parameters&)>& describe) = 0;
  // A list of groups: `append` adds a default element and describes it; `existing` describes those that are there.
  virtual void groups(std::string_view name, std::string_view sentence, const std::function<void(Parameters&)>& append,
                      int64_t count, const std::function<void(Parameters&, int64_t)>& existing) = 0;
  // A pair of parameters cannot hold together: reported at `name` with the other errors. Only called where it is the
  // case.
  virtual void reject(std::string_view name, std::string_view problem) = 0;
  // Whether what was given for `name` was refused: what would follow from its default is then not worth telling.
  virtual bool refused(std::string_view) const { return false; }

  // An enum whose values are 0 .. names.size()-1.
  template <typename E>
  void choice(std::string_view name, E& value, std::span<const std::string_view> names, std::string_view sentence) {
    int index = static_cast<int>(value);
    one_of(name, index, names, sentence);
    value = static_cast<E>(index);
  }
};

}  // namespace matinee::engine
