#include "host/report/user_tables.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "host/report/activity_rows.h"
#include "host/report/number_text.h"
#include "host/report/protocol_text.h"

namespace matinee::host {
namespace {

constexpr const char* kNone = "\u2013";

// The shares of genres among the ratings of all clusters together, each cluster counting by its users.
std::vector<double> shares_of_all(const ClustersOverview& overview) {
  std::vector<double> shares(overview.genres.size());
  int64_t users = 0;
  for (const auto& cluster : overview.clusters) users += cluster.users;
  for (const auto& cluster : overview.clusters) {
    const double part = users == 0 ? 0 : static_cast<double>(cluster.users) / static_cast<double>(users);
    for (std::size_t genre = 0; genre < shares.size(); ++genre) shares[genre] += part * cluster.rating_shares[genre];
  }
  return shares;
}

// "Horror (2.4), War (1.6)": the genres of which a cluster rates most, against the others.
std::string favourites(const ClustersOverview& overview, const ClustersOverview::Cluster& cluster,
                       const std::vector<double>& all) {
  constexpr double kLeastShare = 0.01;  // of its ratings: below, chance speaks
  constexpr std::size_t kShown = 3;
  const auto lift = [&](std::size_t genre) { return all[genre] > 0 ? cluster.rating_shares[genre] / all[genre] : 0; };
  std::vector<std::size_t> order(overview.genres.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t genre) { return cluster.rating_shares[genre] < kLeastShare; });
  std::ranges::stable_sort(order, [&](std::size_t left, std::size_t right) { return lift(left) > lift(right); });
  std::string text;
  for (std::size_t n = 0; n < std::min(order.size(), kShown); ++n) {
    text += fmt::format("{}{} ({:.1f})", n == 0 ? "" : ", ", overview.genres[order[n]], lift(order[n]));
  }
  return text.empty() ? kNone : text;
}

void add_titles(const std::vector<MetricColumn>& columns, TextTable& table) {
  for (const MetricColumn& column : columns) table.head.push_back(column.title());
}

void add_values(const engine::Evaluation& evaluation, const std::vector<MetricColumn>& columns,
                std::vector<std::string>& row) {
  const MeasuredValues measured = measured_values(evaluation, columns);
  for (std::size_t n = 0; n < columns.size(); ++n) row.push_back(measured.values[n] ? measured.text(n) : kNone);
}

void add_mixing(const RunReport& report, std::vector<TextTable>& tables) {
  const std::vector<MixingRow> models = mixing_rows(report);
  if (models.empty()) return;
  std::vector<const engine::Evaluation*> evaluations;
  for (const MixingRow& row : models) evaluations.push_back(row.evaluation);
  const std::vector<MetricColumn> columns = activity_measures(evaluations);
  TextTable table{"User activity, reading: mixing",
                  "A user's activity is \u03bb times the mean activity of the user's cluster plus 1 - \u03bb times the "
                  "user's own; each user weighs 1 / ln(e + activity \u00d7 most ratings of a user). "
                  "Full ranking. Higher ILS is less diverse.",
                  {"Model", "\u03bb"},
                  {}};
  add_titles(columns, table);
  for (const MixingRow& model : models) {
    std::vector<std::string> row = {model.model->name, model.mix.empty() ? "not weighed" : model.mix};
    add_values(*model.evaluation, columns, row);
    table.rows.push_back(std::move(row));
  }
  tables.push_back(std::move(table));
}

// Reading quantile, of one model.
void add_quantiles(const ModelReport& model, std::vector<TextTable>& tables) {
  const std::vector<const engine::Evaluation*> bins = activity_bins(model);
  if (bins.empty()) return;
  const std::vector<MetricColumn> columns = activity_measures(bins);
  TextTable table{model.name + ", reading: quantile",
                  "The evaluated users in bins of like size by their number of training ratings; who has as many is in "
                  "the same bin. Full ranking. Higher ILS is less diverse.",
                  {"Bin", "Training ratings", "Users"},
                  {}};
  add_titles(columns, table);
  for (const engine::Evaluation* bin : bins) {
    const auto value = [&](std::string_view key) { return protocol_value(bin->protocol, key); };
    std::vector<std::string> row = {fmt::format("{} of {}", value(engine::kActivityBin), value("activity_bins")),
                                    fmt::format("{} to {}", value("ratings_from"), value("ratings_to")),
                                    value("users")};
    add_values(*bin, columns, row);
    table.rows.push_back(std::move(row));
  }
  tables.push_back(std::move(table));
}

}  // namespace

std::vector<TextTable> cluster_tables(const RunReport& report) {
  std::vector<TextTable> tables;
  for (const ModelReport& model : report.models) {
    if (!model.clusters) continue;
    const ClustersOverview& overview = *model.clusters;
    const std::vector<double> all = shares_of_all(overview);
    TextTable table{
        model.name,
        "Rates more: the genres whose share of the cluster's ratings is highest, as a multiple of the share "
        "among all users. By genre: mean rating, and its share of the cluster's ratings in per cent; an "
        "item counts for each of its genres.",
        {"Cluster", "Users", "Rates more"},
        {}};
    table.head.insert(table.head.end(), overview.genres.begin(), overview.genres.end());
    for (std::size_t n = 0; n < overview.clusters.size(); ++n) {
      const ClustersOverview::Cluster& cluster = overview.clusters[n];
      std::vector<std::string> row = {fmt::format("{}", n), count_text(cluster.users),
                                      favourites(overview, cluster, all)};
      for (std::size_t genre = 0; genre < overview.genres.size(); ++genre) {
        const double share = cluster.rating_shares[genre];
        row.push_back(share == 0 ? kNone : fmt::format("{:.2f} ({:.0f})", cluster.mean_ratings[genre], 100 * share));
      }
      table.rows.push_back(std::move(row));
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<TextTable> activity_tables(const RunReport& report) {
  std::vector<TextTable> tables;
  add_mixing(report, tables);
  for (const ModelReport& model : report.models) add_quantiles(model, tables);
  return tables;
}

}  // namespace matinee::host
