#include "host/run/search_files.h"

#include <algorithm>
#include <utility>

#include "engine/artifacts/safetensors.h"
#include "engine/text/title_search.h"
#include "host/config/search_model.h"
#include "host/run/output_files.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

constexpr const char* kIndexFile = "index.safetensors";

}  // namespace

void write_search_index(const fs::path& root, const engine::Catalogue& catalogue) {
  const auto index = engine::InvertedIndex::of(engine::searched_words(catalogue));
  engine::TensorWriter file;
  index.save(file);
  make_folders(root / kSearchFolder);
  file.write(root / kSearchFolder / kIndexFile);
}

engine::InvertedIndex read_search_index(const fs::path& root, const RunData& data) {
  const fs::path path = root / kSearchFolder / kIndexFile;
  engine::InvertedIndex index = engine::InvertedIndex::load(engine::TensorFile::read(path));
  if (index.documents() != data.items.size()) {
    fail(ErrorKind::kArtifact, "{}: {} documents, where ids/ has {} items", path.string(), index.documents(),
         data.items.size());
  }
  return index;
}

bool has_search_index(const OpenRun& run) {
  return std::ranges::any_of(
      run.files, [](const OutputFile& file) { return file.path.starts_with(std::string(kSearchFolder) + "/"); });
}

Taste taste_of(std::unique_ptr<engine::Model> model) {
  Taste taste;
  taste.vectors = model->taste_vectors();
  taste.model = std::move(model);
  return taste;
}

Taste taste_of(const fs::path& interest, const RunData& data) {
  Taste taste;
  taste.users = read_interest(interest, InterestKind::kUsers, data);
  taste.items = read_interest(interest, InterestKind::kMovies, data);
  taste.vectors = {taste.users->vectors, taste.items->vectors};
  return taste;
}

Taste taste_of(const OpenRun& run, const ModelSpec& spec) {
  if (!makes_interest(run.job.dataset, spec)) return taste_of(run.model(spec.name));
  run.require_intact("models/" + spec.name + "/interest.safetensors");
  return taste_of(run.folder / "models" / spec.name, run.data);
}

}  // namespace matinee::host
