#pragma once

#include <filesystem>
#include <optional>

#include "engine/data/id_map.h"
#include "engine/user_clusters.h"
#include "host/report/clusters_overview.h"

namespace matinee::host {

// Writes what others read of a model's groups of users beside its model.safetensors:
//   clusters.tsv    user, cluster (0, 1 …)
//   clusters.json   ClustersOverview
void write_cluster_files(const std::filesystem::path& folder, const engine::UserClusters& clusters,
                         const engine::IdMap& users);

// Of a model's folder; none where it has no groups. Error(kArtifact) where clusters.json is damaged.
std::optional<ClustersOverview> read_clusters(const std::filesystem::path& folder);

}  // namespace matinee::host
