#include "host/report/metrics_json.h"

#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "host/text/json_problem.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

using Json = nlohmann::ordered_json;

double finite(double value, std::string_view model, std::string_view name) {
  if (std::isfinite(value)) return value;
  fail(ErrorKind::kDiverged, "model \"{}\": {} is {}; a metric must be a finite number", model, name, value);
}

Json json_of(const engine::Evaluation& evaluation, std::string_view model) {
  Json protocol = Json::object(), metrics = Json::object();
  for (const auto& [key, value] : evaluation.protocol) {
    if (const double* number = std::get_if<double>(&value)) finite(*number, model, key);
    std::visit([&, &name = key](const auto& held) { protocol[name] = held; }, value);
  }
  for (const auto& [name, value] : evaluation.metrics) metrics[name] = finite(value, model, name);
  Json json = {{"protocol", std::move(protocol)}, {"metrics", std::move(metrics)}};
  for (const auto& [name, value] : evaluation.deviations) {
    json["standard_deviations"][name] = finite(value, model, name);
  }
  return json;
}

Json json_of(const std::vector<engine::Evaluation>& evaluations, std::string_view name) {
  Json list = Json::array();
  for (const engine::Evaluation& evaluation : evaluations) list.push_back(json_of(evaluation, name));
  return {{"evaluations", std::move(list)}};
}

// Reading: a place in the document, which errors name by its JSON pointer.
class Place {
 public:
  Place(const Json& json, const std::string& path, std::string pointer)
      : json_(json), path_(path), pointer_(std::move(pointer)) {}

  [[noreturn]] void wrong(std::string_view what) const {
    fail(ErrorKind::kArtifact, "{}: {}: {}. Publish an intact run (matinee rollback) or train again", path_,
         pointer_.empty() ? "/" : pointer_, what);
  }
  const Json& object() const {
    if (!json_.is_object()) wrong("an object is expected");
    return json_;
  }
  const Json& array() const {
    if (!json_.is_array()) wrong("an array is expected");
    return json_;
  }
  Place member(const std::string& key) const {
    const auto found = object().find(key);
    if (found == json_.end()) wrong(fmt::format("the key \"{}\" is missing", key));
    return at(*found, key);
  }
  Place at(const Json& json, const std::string& key) const {
    std::string escaped;  // RFC 6901
    for (const char letter : key) escaped += letter == '~' ? "~0" : letter == '/' ? "~1" : std::string(1, letter);
    return {json, path_, pointer_ + "/" + escaped};
  }
  double number() const {
    if (!json_.is_number()) wrong("a number is expected");
    return json_.get<double>();
  }
  std::string text() const {
    if (!json_.is_string()) wrong("text is expected");
    return json_.get<std::string>();
  }
  engine::ProtocolValue protocol_value() const {
    if (json_.is_boolean()) return json_.get<bool>();
    if (json_.is_string()) return json_.get<std::string>();
    if (json_.is_number_float()) return json_.get<double>();
    if (!json_.is_number_integer()) wrong("text, a number, true or false is expected");
    if (json_.is_number_unsigned() && json_.get<uint64_t>() > uint64_t{std::numeric_limits<int64_t>::max()}) {
      wrong("an integer below 2^63 is expected");
    }
    return json_.get<int64_t>();
  }

 private:
  const Json& json_;
  const std::string& path_;
  std::string pointer_;
};

engine::Evaluation evaluation_of(const Place& place) {
  engine::Evaluation evaluation;
  const Place protocol = place.member("protocol"), metrics = place.member("metrics");
  for (const auto& [key, value] : protocol.object().items()) {
    evaluation.protocol.emplace_back(key, protocol.at(value, key).protocol_value());
  }
  if (!protocol.object().contains("candidates")) protocol.wrong("the key \"candidates\" is missing");
  for (const auto& [key, value] : metrics.object().items()) {
    evaluation.metrics[key] = metrics.at(value, key).number();
  }
  if (!place.object().contains("standard_deviations")) return evaluation;
  const Place deviations = place.member("standard_deviations");
  for (const auto& [key, value] : deviations.object().items()) {
    evaluation.deviations[key] = deviations.at(value, key).number();
  }
  return evaluation;
}

std::vector<engine::Evaluation> evaluations_of(const Place& place) {
  std::vector<engine::Evaluation> evaluations;
  const Place list = place.member("evaluations");
  for (const Json& entry : list.array()) {
    evaluations.push_back(evaluation_of(list.at(entry, fmt::format("{}", evaluations.size()))));
  }
  return evaluations;
}

Json parse(std::string_view text, const std::string& path) {
  try {
    return Json::parse(text);
  } catch (const Json::exception& error) {
    fail(ErrorKind::kArtifact, "{}: not valid JSON: {}. Publish an intact run (matinee rollback) or train again", path,
         json_problem(error));
  }
}

}  // namespace

std::string metrics_to_json(const ModelMetrics& metrics, const RatioSweeps& sweeps,
                            const std::vector<engine::Evaluation>& search) {
  Json models = Json::object();
  for (const auto& [name, evaluations] : metrics) models[name] = json_of(evaluations, name);
  Json document = {{"models", std::move(models)}};
  for (const auto& [name, ratios] : sweeps) {
    Json& list = document["ratio_sweeps"][name] = Json::array();
    for (const RatioMetrics& measured : ratios) {
      Json entry = {{"ratio", measured.ratio}};
      entry.update(json_of(measured.evaluations, name));
      list.push_back(std::move(entry));
    }
  }
  if (!search.empty()) document["search"] = json_of(search, "search");
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

ModelMetrics metrics_from_json(std::string_view text, const std::string& path) {
  const Json document = parse(text, path);
  ModelMetrics metrics;
  const Place models = Place(document, path, "").member("models");
  for (const auto& [name, value] : models.object().items()) {
    metrics[name] = evaluations_of(models.at(value, name));
  }
  return metrics;
}

RatioSweeps ratio_sweeps_from_json(std::string_view text, const std::string& path) {
  const Json document = parse(text, path);
  RatioSweeps found;
  const Place root(document, path, "");
  if (!root.object().contains("ratio_sweeps")) return found;
  const Place sweeps = root.member("ratio_sweeps");
  for (const auto& [name, value] : sweeps.object().items()) {
    const Place list = sweeps.at(value, name);
    std::vector<RatioMetrics>& ratios = found[name];
    for (const Json& entry : list.array()) {
      const Place place = list.at(entry, fmt::format("{}", ratios.size()));
      ratios.push_back({place.member("ratio").text(), evaluations_of(place)});
    }
  }
  return found;
}

std::vector<engine::Evaluation> search_from_json(std::string_view text, const std::string& path) {
  const Json document = parse(text, path);
  const Place root(document, path, "");
  return root.object().contains("search") ? evaluations_of(root.member("search")) : std::vector<engine::Evaluation>();
}

}  // namespace matinee::host
