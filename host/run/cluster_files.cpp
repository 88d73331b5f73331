#include "host/run/cluster_files.h"

#include <nlohmann/json.hpp>

#include "engine/artifacts/file_writer.h"
#include "host/run/tsv.h"
#include "host/text/json_problem.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kUsersFile = "clusters.tsv";
constexpr const char* kOverviewFile = "clusters.json";

}  // namespace

void write_cluster_files(const fs::path& folder, const engine::UserClusters& clusters, const engine::IdMap& users) {
  engine::FileWriter file(folder / kUsersFile);
  for (int32_t user = 0; user < users.size(); ++user) {
    file.write(fmt::format("{}\t{}\n", tsv_field(users.id(user)), clusters.clusters[static_cast<std::size_t>(user)]));
  }
  file.close();
  Json list = Json::array();
  const auto genres = static_cast<std::ptrdiff_t>(clusters.genres.size());
  for (std::ptrdiff_t cluster = 0; cluster < clusters.count(); ++cluster) {
    const auto row = [&](const std::vector<double>& values) {
      return std::vector<double>(values.begin() + cluster * genres, values.begin() + (cluster + 1) * genres);
    };
    list.push_back({{"users", clusters.sizes[static_cast<std::size_t>(cluster)]},
                    {"mean_ratings", row(clusters.mean_ratings)},
                    {"rating_shares", row(clusters.rating_shares)}});
  }
  const Json json = {{"genres", clusters.genres}, {"clusters", std::move(list)}};
  engine::write_file(folder / kOverviewFile, json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::optional<ClustersOverview> read_clusters(const fs::path& folder) {
  const fs::path path = folder / kOverviewFile;
  if (!fs::exists(path)) return std::nullopt;
  ClustersOverview overview;
  try {
    const auto json = nlohmann::json::parse(engine::read_file(path));
    overview.genres = json.at("genres").get<std::vector<std::string>>();
    for (const auto& entry : json.at("clusters")) {
      ClustersOverview::Cluster& cluster = overview.clusters.emplace_back();
      cluster.users = entry.at("users");
      cluster.mean_ratings = entry.at("mean_ratings").get<std::vector<double>>();
      cluster.rating_shares = entry.at("rating_shares").get<std::vector<double>>();
      if (cluster.mean_ratings.size() != overview.genres.size() ||
          cluster.rating_shares.size() != overview.genres.size()) {
        fail(ErrorKind::kArtifact, "{}: a cluster has not one number for each genre", path.string());
      }
    }
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::kArtifact, "{}: {}", path.string(), json_problem(error));
  }
  return overview;
}

}  // namespace matinee::host
