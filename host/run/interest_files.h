#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/artifacts/safetensors.h"
#include "engine/data/ratings.h"
#include "engine/text/text_encoder.h"
#include "host/report/decoded_texts.h"
#include "host/report/nearest_names.h"
#include "host/run/run_data.h"
#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::host {

// The vectors of what texts speak of, as a run holds them beside the model that made them:
//   interest.safetensors   directors (directors × dimensions), movies (items × dimensions), users (users × dimensions)
//   directors.tsv          index <tab> name <tab> titles
// `advance` hears how many texts are done. Movies and users are in the order of ids/items.tsv and ids/users.tsv. What
// has no words has a zero vector.
void write_interest_files(const std::filesystem::path& folder, Context& context, const engine::TextEncoder& encoder,
                          const RunData& data, const engine::SparseRatings& ratings,
                          std::optional<double> positive_from,
                          const std::function<void(double done, double total)>& advance);

enum class InterestKind { kDirectors, kMovies, kUsers };

struct InterestVectors {
  engine::TensorFile file;
  MatrixView<const float> vectors;
  std::vector<std::string> directors;    // names; only of kDirectors
  std::vector<int64_t> director_titles;  // how many each has
};

// Of a model's folder. Error(kArtifact) where the files are damaged or of another run.
InterestVectors read_interest(const std::filesystem::path& folder, InterestKind kind, const RunData& data);
bool has_interest(const std::filesystem::path& folder);

// The directors of the most titles, equals in the order of the file, and for each those of the nearest vectors.
std::vector<NearestNames> nearest_directors(const std::filesystem::path& folder, const RunData& data);

// decoded.json: texts and what the model says to them.
void write_decoded(const std::filesystem::path& folder, const std::vector<engine::DecodedText>& texts);
std::vector<DecodedLine> read_decoded(const std::filesystem::path& folder);  // none where there is no file

}  // namespace matinee::host
