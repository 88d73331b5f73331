#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/house_rules.h"
#include "tests/support/paths.h"

namespace matinee::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(House, HasItsFixedFolders) {
  const std::filesystem::path root = test::source_folder();
  for (const char* folder : {"kernels", "engine", "host", "configs", "datasets", "tests", "bench"}) {
    EXPECT_TRUE(std::filesystem::is_directory(root / folder)) << folder;
  }
  EXPECT_TRUE(std::filesystem::is_regular_file(root / "CMakeLists.txt"));
}

TEST(House, KeepsItsRules) {
  const HouseCheck check = check_house(test::source_folder());
  EXPECT_GT(check.files, 50);  // they were read
  EXPECT_THAT(check.violations, IsEmpty());
}

struct Include {
  const char *path, *line;
};

TEST(HouseRules, AllowWhatTheLayersNeed) {
  for (const Include& include : {Include{"host/run/scheduler.cpp", "#include \"engine/model.h\""},
                                 {"host/run/scheduler.cpp", "#include \"kernels/support/error.h\""},
                                 {"engine/model.cpp", "#include \"kernels/ranking/top_k.h\""},
                                 {"kernels/ranking/top_k.cpp", "#include \"kernels/ranking/heap.h\""},
                                 {"kernels/ranking/top_k.cpp", "#include \"kernels/support/error.h\""},
                                 {"kernels/ranking/top_k.cpp", "#include \"kernels/dense/linear.h\""},
                                 {"kernels/ranking/top_k_cuda.cu", "#include <cub/cub.cuh>"},
                                 {"kernels/ranking/top_k_cuda.cu", "#include <thrust/sort.h>"},
                                 {"kernels/dense/layer_cpu.cpp", "#include <Eigen/Dense>"},
                                 {"host/config/parse_job.cpp", "#include <nlohmann/json.hpp>"},
                                 {"engine/artifacts/safetensors.cpp", "#include <nlohmann/json.hpp>"},
                                 {"engine/model.cpp", "// #include \"host/main.h\""}}) {
    EXPECT_THAT(rule_violations(include.path, include.line), IsEmpty()) << include.path << " " << include.line;
  }
}

TEST(HouseRules, CatchPlantedViolations) {
  for (const Include& include : {Include{"kernels/ranking/top_k.h", "#include \"engine/model.h\""},
                                 {"kernels/ranking/top_k.h", "  #  include \"host/config/job.h\""},
                                 {"engine/model.h", "#include \"host/config/job.h\""},
                                 {"engine/model.h", "#include <host/config/job.h>"},
                                 {"engine/model.cpp", "#include \"model.h\""},
                                 {"host/main.cpp", "#include \"tests/support/xml.h\""},
                                 {"kernels/support/buffer.h", "#include \"kernels/ranking/top_k.h\""},
                                 {"kernels/ranking/top_k.cpp", "#include \"kernels/similarity/gram.h\""},
                                 {"kernels/dense/linear.cpp", "#include \"kernels/ranking/top_k.h\""},
                                 {"kernels/ranking/top_k.cpp", "#include <cuda_runtime.h>"},
                                 {"kernels/ranking/top_k.h", "#include \"cublas_v2.h\""},
                                 {"host/run/doctor.cpp", "#include <cudnn.h>"},
                                 {"engine/model.cpp", "#include <thrust/sort.h>"},
                                 {"kernels/dense/layer.h", "#include <Eigen/Dense>"},
                                 {"kernels/dense/layer.cpp", "#include <unsupported/Eigen/FFT>"},
                                 {"engine/model.cpp", "#include <nlohmann/json.hpp>"},
                                 {"host/readers/csv.cpp", "#include \"nlohmann/json.hpp\""}}) {
    EXPECT_EQ(rule_violations(include.path, include.line).size(), 1U) << include.path << " " << include.line;
  }
}

TEST(HouseRules, SayWhereAndWhat) {
  EXPECT_THAT(rule_violations("engine/model.h", "#pragma once\n\n#include \"host/main.h\"\n"),
              ElementsAre("engine/model.h:3: #include host/main.h points up the layers"));
}

TEST(HouseRules, LimitTheLengthOfAFile) {
  std::string text;
  for (int line = 0; line < 400; ++line) text += "\n";
  EXPECT_THAT(rule_violations("engine/model.cpp", text), IsEmpty());
  EXPECT_EQ(rule_violations("engine/model.cpp", text + "\n").size(), 1U);
}

}  // namespace
}  // namespace matinee::test
