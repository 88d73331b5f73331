#include "host/config/schema_writer.h"

#include <limits>

#include <fmt/format.h>

namespace matinee::host {
namespace {

template <typename T>
void add_range(Json& schema, const engine::Range<T>& range) {
  if (range.minimum > std::numeric_limits<T>::lowest()) {
    schema[range.above_minimum ? "exclusiveMinimum" : "minimum"] = range.minimum;
  }
  if (range.maximum < std::numeric_limits<T>::max()) schema["maximum"] = range.maximum;
}

template <typename T>
void add_number(Json& schema, Json type, const engine::Range<T>& range, Json standard) {
  schema["type"] = std::move(type);
  add_range(schema, range);
  schema["default"] = std::move(standard);
}

// A list, or one element that stands for a list of one.
void add_list(Json& schema, const Json& element, bool unique) {
  Json list = {{"type", "array"}, {"items", element}};
  if (unique) list["uniqueItems"] = true;
  schema["anyOf"] = Json::array({element, std::move(list)});
}

Json names_of(std::span<const std::string_view> names) {
  Json list = Json::array();
  for (const std::string_view name : names) list.push_back(name);
  return list;
}

}  // namespace

SchemaWriter::SchemaWriter(Json& schema) : schema_(schema) {
  schema_["type"] = "object";
  schema_["additionalProperties"] = false;
  schema_["properties"] = Json::object();
}

Json& SchemaWriter::property(std::string_view name, std::string_view sentence, std::string_view unit) {
  Json& property = schema_["properties"][std::string(name)];
  property["description"] = unit.empty() ? std::string(sentence) : fmt::format("{} Unit: {}.", sentence, unit);
  return property;
}

void SchemaWriter::integer(std::string_view name, int64_t& value, engine::Range<int64_t> range, std::string_view unit,
                           std::string_view sentence) {
  add_number(property(name, sentence, unit), "integer", range, value);
}

void SchemaWriter::real(std::string_view name, double& value, engine::Range<double> range, std::string_view unit,
                        std::string_view sentence) {
  add_number(property(name, sentence, unit), "number", range, value);
}

void SchemaWriter::optional_real(std::string_view name, std::optional<double>& value, engine::Range<double> range,
                                 std::string_view unit, std::string_view sentence) {
  add_number(property(name, sentence, unit), {"number", "null"}, range, value ? Json(*value) : Json(nullptr));
}

void SchemaWriter::flag(std::string_view name, bool& value, std::string_view sentence) {
  Json& schema = property(name, sentence);
  schema["type"] = "boolean";
  schema["default"] = value;
}

void SchemaWriter::text(std::string_view name, std::string& value, std::string_view sentence) {
  Json& schema = property(name, sentence);
  schema["type"] = "string";
  schema["default"] = value;
}

void SchemaWriter::path(std::string_view name, std::string& value, std::string_view sentence) {
  text(name, value, sentence);
}

void SchemaWriter::paths(std::string_view name, std::vector<std::string>& value, std::string_view sentence) {
  texts(name, value, sentence);
}

void SchemaWriter::one_of(std::string_view name, int& value, std::span<const std::string_view> names,
                          std::string_view sentence) {
  Json& schema = property(name, sentence);
  schema["enum"] = names_of(names);
  schema["default"] = names[static_cast<std::size_t>(value)];
}

void SchemaWriter::integers(std::string_view name, std::vector<int64_t>& value, engine::Range<int64_t> range,
                            std::string_view unit, std::string_view sentence) {
  Json& schema = property(name, sentence, unit);
  Json element = {{"type", "integer"}};
  add_range(element, range);
  add_list(schema, element, false);
  schema["default"] = value;
}

void SchemaWriter::texts(std::string_view name, std::vector<std::string>& value, std::string_view sentence) {
  Json& schema = property(name, sentence);
  add_list(schema, {{"type", "string"}}, false);
  schema["default"] = value;
}

void SchemaWriter::some_of(std::string_view name, std::vector<int>& value, std::span<const std::string_view> names,
                           std::string_view sentence) {
  Json& schema = property(name, sentence);
  add_list(schema, {{"enum", names_of(names)}}, true);
  Json& chosen = schema["default"] = Json::array();
  for (const int index : value) chosen.push_back(names[static_cast<std::size_t>(index)]);
}

void SchemaWriter::model_reference(std::string_view name, std::string& model, std::string_view sentence) {
  text(name, model, sentence);
}

void SchemaWriter::group(std::string_view name, std::string_view sentence,
                         const std::function<void(Parameters&)>& describe) {
  SchemaWriter writer(property(name, sentence));
  describe(writer);
}

void SchemaWriter::groups(std::string_view name, std::string_view sentence,
                          const std::function<void(Parameters&)>& append, int64_t,
                          const std::function<void(Parameters&, int64_t)>&) {
  Json& schema = property(name, sentence);
  schema["type"] = "array";
  SchemaWriter writer(schema["items"]);
  append(writer);
}

}  // namespace matinee::host
