#pragma once

#include <map>
#include <string>
#include <vector>

namespace matinee::test {

// Trains model `name` of the committed job configs/`config`.json, whose data lie in `folder`, with the given seed and
// further settings, and measures its ranking among the 99 negatives of the files of He et al. 2017: "hit_rate@10" and
// "ndcg@10".
std::map<std::string, double> ncf_metrics(const std::string& config, const std::string& name, const std::string& folder,
                                          uint64_t seed, std::vector<std::string> settings = {});

}  // namespace matinee::test
