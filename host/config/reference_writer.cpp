#include "host/config/reference_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "host/config/range_text.h"

namespace matinee::host {
namespace {

std::string cell(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    if (letter == '|') escaped += '\\';
    escaped += letter;
  }
  return escaped;
}

std::string code(std::string_view text) {
  return text.empty() ? "" : fmt::format("`{}`", text);
}

std::string quoted(std::string_view text) {
  return text.empty() ? "none" : fmt::format("`\"{}\"`", text);
}

template <typename List>
std::string listed(const List& list) {
  return list.empty() ? "none" : fmt::format("`[{}]`", fmt::join(list, ", "));
}

std::string listed_names(std::span<const std::string_view> names) {
  std::vector<std::string> marked;
  for (const std::string_view name : names) marked.push_back(code(name));
  return fmt::format("{}", fmt::join(marked, ", "));
}

std::vector<std::string> quoted_all(const std::vector<std::string>& texts) {
  std::vector<std::string> marked;
  for (const std::string& text : texts) marked.push_back(fmt::format("\"{}\"", text));
  return marked;
}

template <typename T>
std::string allowed_text(const engine::Range<T>& range, std::string_view unit) {
  const std::string text = range_text(range, unit);
  return text.empty() ? std::string(unit) : text;
}

}  // namespace

ReferenceWriter::ReferenceWriter(std::string path, std::string_view sentence, std::string_view variant)
    : path_(std::move(path)), intro_(sentence), variant_(variant) {}

void ReferenceWriter::row(std::string_view name, std::string_view type, std::string_view standard,
                          std::string_view allowed, std::string_view sentence) {
  rows_ += fmt::format("| `{}` | {} | {} | {} | {} |\n", name, type, cell(standard), cell(allowed), cell(sentence));
}

std::string ReferenceWriter::page() const {
  std::string page = path_.empty() ? "## The job\n\n" : fmt::format("## `{}`{}\n\n", path_, variant_);
  if (!intro_.empty()) page += fmt::format("{}\n\n", intro_);
  if (!rows_.empty()) page += "| key | type | default | allowed | meaning |\n|---|---|---|---|---|\n" + rows_ + "\n";
  return page + inner_;
}

void ReferenceWriter::integer(std::string_view name, int64_t& value, engine::Range<int64_t> range,
                              std::string_view unit, std::string_view sentence) {
  row(name, "integer", fmt::format("`{}`", value), allowed_text(range, unit), sentence);
}

void ReferenceWriter::real(std::string_view name, double& value, engine::Range<double> range, std::string_view unit,
                           std::string_view sentence) {
  row(name, "number", fmt::format("`{}`", value), allowed_text(range, unit), sentence);
}

void ReferenceWriter::optional_real(std::string_view name, std::optional<double>& value, engine::Range<double> range,
                                    std::string_view unit, std::string_view sentence) {
  row(name, "number or null", value ? fmt::format("`{}`", *value) : "none", allowed_text(range, unit), sentence);
}

void ReferenceWriter::flag(std::string_view name, bool& value, std::string_view sentence) {
  row(name, "flag", value ? "`true`" : "`false`", "", sentence);
}

void ReferenceWriter::text(std::string_view name, std::string& value, std::string_view sentence) {
  row(name, "text", quoted(value), "", sentence);
}

void ReferenceWriter::path(std::string_view name, std::string& value, std::string_view sentence) {
  row(name, "path", quoted(value), "", sentence);
}

void ReferenceWriter::paths(std::string_view name, std::vector<std::string>& value, std::string_view sentence) {
  row(name, "list of paths", listed(quoted_all(value)), "", sentence);
}

void ReferenceWriter::one_of(std::string_view name, int& value, std::span<const std::string_view> names,
                             std::string_view sentence) {
  row(name, "choice", quoted(names[static_cast<std::size_t>(value)]), listed_names(names), sentence);
}

void ReferenceWriter::integers(std::string_view name, std::vector<int64_t>& value, engine::Range<int64_t> range,
                               std::string_view unit, std::string_view sentence) {
  row(name, "list of integers", listed(value), allowed_text(range, unit), sentence);
}

void ReferenceWriter::texts(std::string_view name, std::vector<std::string>& value, std::string_view sentence) {
  row(name, "list of texts", listed(quoted_all(value)), "", sentence);
}

void ReferenceWriter::some_of(std::string_view name, std::vector<int>& value, std::span<const std::string_view> names,
                              std::string_view sentence) {
  std::vector<std::string> chosen;
  for (const int index : value) chosen.emplace_back(names[static_cast<std::size_t>(index)]);
  row(name, "list of choices", listed(quoted_all(chosen)), listed_names(names), sentence);
}

void ReferenceWriter::model_reference(std::string_view name, std::string& model, std::string_view sentence) {
  row(name, "model", quoted(model), "a name in `models`", sentence);
}

void ReferenceWriter::group(std::string_view name, std::string_view sentence,
                            const std::function<void(Parameters&)>& describe) {
  row(name, "group", "", "", sentence);
  ReferenceWriter writer(path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name), sentence);
  describe(writer);
  inner_ += writer.page();
}

void ReferenceWriter::groups(std::string_view name, std::string_view sentence,
                             const std::function<void(Parameters&)>& append, int64_t,
                             const std::function<void(Parameters&, int64_t)>&) {
  row(name, "list of groups", "none", "", sentence);
  ReferenceWriter writer(fmt::format("{}{}{}.N", path_, path_.empty() ? "" : ".", name), sentence);
  append(writer);
  inner_ += writer.page();
}

}  // namespace matinee::host
