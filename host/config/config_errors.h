#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/config/job_document.h"

namespace matinee::host {

// Collects what is wrong with a job file, so that all of it is told at once.
class ConfigErrors {
 public:
  explicit ConfigErrors(const JobDocument& document) : document_(document) {}

  void add(std::string_view pointer, std::string_view problem);
  // Whether something is wrong with the value or with a group that it stands in: what follows from that is not told.
  bool has_at_or_above(std::string_view pointer) const;
  // Whether something is wrong with the value or with anything inside it.
  bool has_within(std::string_view pointer) const;
  // A setting of the command line that could not be applied; told after everything else.
  void add_setting(std::string_view setting, std::string_view problem);
  // Throws Error(kConfig), one error a line, in the order of the file; those of the command line last.
  void throw_if_any() const;

 private:
  struct Entry {
    std::string pointer, line;
    std::size_t order;
  };
  const JobDocument& document_;
  std::vector<Entry> entries_;
};

}  // namespace matinee::host
