#include "host/config/resolved_writer.h"

namespace matinee::host {

ResolvedWriter::ResolvedWriter(Json& object) : object_(object) {
  if (!object_.is_object()) object_ = Json::object();
}

Json& ResolvedWriter::place(std::string_view name) {
  return object_[std::string(name)];
}

void ResolvedWriter::integer(std::string_view name, int64_t& value, engine::Range<int64_t>, std::string_view,
                             std::string_view) {
  place(name) = value;
}

void ResolvedWriter::real(std::string_view name, double& value, engine::Range<double>, std::string_view,
                          std::string_view) {
  place(name) = value;
}

void ResolvedWriter::optional_real(std::string_view name, std::optional<double>& value, engine::Range<double>,
                                   std::string_view, std::string_view) {
  place(name) = value ? Json(*value) : Json(nullptr);
}

void ResolvedWriter::flag(std::string_view name, bool& value, std::string_view) {
  place(name) = value;
}

void ResolvedWriter::text(std::string_view name, std::string& value, std::string_view) {
  place(name) = value;
}

void ResolvedWriter::path(std::string_view name, std::string& value, std::string_view) {
  place(name) = value;
}

void ResolvedWriter::paths(std::string_view name, std::vector<std::string>& value, std::string_view) {
  place(name) = value;
}

void ResolvedWriter::one_of(std::string_view name, int& value, std::span<const std::string_view> names,
                            std::string_view) {
  place(name) = names[static_cast<std::size_t>(value)];
}

void ResolvedWriter::integers(std::string_view name, std::vector<int64_t>& value, engine::Range<int64_t>,
                              std::string_view, std::string_view) {
  place(name) = value;
}

void ResolvedWriter::texts(std::string_view name, std::vector<std::string>& value, std::string_view) {
  place(name) = value;
}

void ResolvedWriter::some_of(std::string_view name, std::vector<int>& value, std::span<const std::string_view> names,
                             std::string_view) {
  Json& list = place(name) = Json::array();
  for (const int index : value) list.push_back(names[static_cast<std::size_t>(index)]);
}

void ResolvedWriter::model_reference(std::string_view name, std::string& model, std::string_view) {
  place(name) = model;
}

void ResolvedWriter::group(std::string_view name, std::string_view, const std::function<void(Parameters&)>& describe) {
  ResolvedWriter writer(place(name));
  describe(writer);
}

void ResolvedWriter::groups(std::string_view name, std::string_view, const std::function<void(Parameters&)>&,
                            int64_t count, const std::function<void(Parameters&, int64_t)>& existing) {
  Json& list = place(name) = Json::array();
  for (int64_t index = 0; index < count; ++index) {
    ResolvedWriter writer(list.emplace_back());
    existing(writer, index);
  }
}

}  // namespace matinee::host
