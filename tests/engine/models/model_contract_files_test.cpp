// The contract on damaged files: a model refuses them with Error(kArtifact), or what it loaded scores without harm.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "kernels/support/error.h"
#include "tests/engine/models/model_contract.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_seed.h"
#include "tests/support/tensor_surgery.h"

namespace matinee::engine {
namespace {

using test::TensorParts;
using test::TrainingData;

enum class Outcome { kRefused, kFinite, kHarm };

Outcome outcome(const ModelCase& model_case, const std::string& bytes, const TrainingData& data) {
  const auto model = model_case.make();
  try {
    test::load_bytes(*model, bytes);
    const std::vector<float> scores = test::all_scores(*model, data);
    model->similar_items(data.ratings.item_count - 1, 10);
    const bool finite = std::all_of(scores.begin(), scores.end(), [](float score) { return std::isfinite(score); });
    return finite ? Outcome::kFinite : Outcome::kHarm;
  } catch (const Error& error) {
    return error.kind() == ErrorKind::kArtifact ? Outcome::kRefused : Outcome::kHarm;
  }
}

struct SavedModel {
  TrainingData data{test::random_ratings(31, 33, 0.4, test::random_seed())};
  std::string bytes;

  explicit SavedModel(const ModelCase& model_case) {
    const auto model = model_case.make();
    test::train(*model, data.input(7));
    bytes = test::saved_bytes(*model);
  }
};

TEST_P(ModelContract, TruncatedFilesAreRefused) {
  const SavedModel saved(GetParam());
  for (const std::size_t length : {std::size_t{0}, std::size_t{7}, saved.bytes.size() / 2, saved.bytes.size() - 1}) {
    EXPECT_EQ(outcome(GetParam(), saved.bytes.substr(0, length), saved.data), Outcome::kRefused) << length << " bytes";
  }
}

TEST_P(ModelContract, MissingAndMisshapenTensorsAreRefused) {
  const SavedModel saved(GetParam());
  const TensorParts whole = TensorParts::of(saved.bytes);
  ASSERT_FALSE(whole.tensors.empty());
  ASSERT_EQ(outcome(GetParam(), whole.bytes(), saved.data), Outcome::kFinite);
  for (std::size_t index = 0; index < whole.tensors.size(); ++index) {
    SCOPED_TRACE(whole.tensors[index].name);
    TensorParts renamed = whole, reshaped = whole, retyped = whole;
    renamed.tensors[index].name += "_of_another_model";
    EXPECT_EQ(outcome(GetParam(), renamed.bytes(), saved.data), Outcome::kRefused);
    reshaped.tensors[index].shape.push_back(1);
    EXPECT_EQ(outcome(GetParam(), reshaped.bytes(), saved.data), Outcome::kRefused);
    TensorParts::Tensor& tensor = retyped.tensors[index];
    const std::size_t width = element_bytes(tensor);
    tensor.data.resize(tensor.data.size() / width * (width == 8 ? 4 : 8));
    tensor.type = width == 8 ? "F32" : "F64";
    EXPECT_EQ(outcome(GetParam(), retyped.bytes(), saved.data), Outcome::kRefused);
  }
}

TEST_P(ModelContract, ShortenedTensorsDoNoHarm) {
  const SavedModel saved(GetParam());
  const TensorParts whole = TensorParts::of(saved.bytes);
  for (std::size_t index = 0; index < whole.tensors.size(); ++index) {
    TensorParts parts = whole;
    TensorParts::Tensor& tensor = parts.tensors[index];
    if (tensor.shape.empty() || tensor.shape[0] == 0) continue;
    tensor.data.resize(tensor.data.size() / static_cast<std::size_t>(tensor.shape[0]) *
                       static_cast<std::size_t>(tensor.shape[0] - 1));
    --tensor.shape[0];
    EXPECT_NE(outcome(GetParam(), parts.bytes(), saved.data), Outcome::kHarm) << tensor.name;
  }
}

TEST_P(ModelContract, ImpossibleNumbersDoNoHarm) {
  const SavedModel saved(GetParam());
  const TensorParts whole = TensorParts::of(saved.bytes);
  const auto expect_no_harm = [&](std::size_t index, const auto& value) {
    const std::size_t elements = whole.tensors[index].data.size() / sizeof value;
    for (const std::size_t element : {std::size_t{0}, elements / 2, elements - 1}) {
      TensorParts parts = whole;
      std::memcpy(parts.tensors[index].data.data() + element * sizeof value, &value, sizeof value);
      EXPECT_NE(outcome(GetParam(), parts.bytes(), saved.data), Outcome::kHarm)
          << whole.tensors[index].name << '[' << element << "] = " << value;
    }
  };
  for (std::size_t index = 0; index < whole.tensors.size(); ++index) {
    if (whole.tensors[index].data.empty()) continue;
    const std::string& type = whole.tensors[index].type;
    if (type == "F32") expect_no_harm(index, std::numeric_limits<float>::quiet_NaN());
    if (type == "F64") expect_no_harm(index, std::numeric_limits<double>::quiet_NaN());
    for (const int32_t value : {-1, 1'000'000'000}) {
      if (type == "I32") expect_no_harm(index, value);
      if (type == "I64") expect_no_harm(index, int64_t{value} * 4);
    }
    if (type == "U64") expect_no_harm(index, std::numeric_limits<uint64_t>::max());
  }
}

TEST_P(ModelContract, AFileOfFewerItemsIsRefusedOrScoredWithoutHarm) {
  const SavedModel saved(GetParam());
  const TrainingData larger(test::random_ratings(40, 50, 0.3, test::random_seed()));
  EXPECT_NE(outcome(GetParam(), saved.bytes, larger), Outcome::kHarm);
}

}  // namespace
}  // namespace matinee::engine
