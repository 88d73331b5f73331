#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/config/json.h"
#include "host/config/strict_json.h"

namespace matinee::host {

// A value that came from the command line.
struct Setting {
  std::string shown;    // "--set a.b=VALUE", "--device", "--output"
  std::string pointer;  // where it went
  std::string text;     // VALUE as it was typed
};

// A job file before anything is checked but its syntax, with what the command line laid over it.
struct JobDocument {
  std::string file;              // as it was named
  std::filesystem::path folder;  // of the file, absolute
  Json root;
  std::map<std::string, std::size_t> offsets;  // JSON pointer -> byte in the file
  std::vector<DuplicateKey> duplicates;
  std::vector<Setting> settings;  // in order: later ones win

  // The setting that gave the value at `pointer`, or null: it came from the file or from nowhere.
  const Setting* setting_of(std::string_view pointer) const;
};

// Throws Error(kConfig): no such file, a folder, empty, not UTF-8, not JSON (file:line:column).
JobDocument read_job_document(const std::string& path);

}  // namespace matinee::host
