#include <cstdint>
#include <string>

#include <gmock/gmock.h>

#include "engine/artifacts/safetensors.h"
#include "kernels/support/error.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::engine {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(SafetensorsHeader, WhatIsWrongIsSaidInOurWords) {
  const test::TemporaryFolder folder;
  const std::pair<const char*, const char*> cases[] = {
      {"{", "the header is not a JSON object"},
      {R"({"t": 5})", "header entry t: expected dtype, shape and data_offsets"},
      {R"({"t": {"dtype": "F32", "shape": "x", "data_offsets": [0, 0]}})", "header entry t: expected dtype"},
      {R"({"t": {"dtype": "F32", "shape": [0], "data_offsets": []}})", "tensor t: 0 offsets, not 2"},
      {R"({"__metadata__": {"note": 5}})", "header entry __metadata__: expected texts"}};
  for (const auto& [header, expected] : cases) {
    const uint64_t length = std::string(header).size();
    std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
    test::write_text(folder / "t.safetensors", bytes + header);
    EXPECT_THAT(test::error_of(ErrorKind::kArtifact, [&] { TensorFile::read(folder / "t.safetensors"); }),
                AllOf(HasSubstr("t.safetensors"), HasSubstr(expected), Not(HasSubstr("json.exception"))));
  }
}

}  // namespace
}  // namespace matinee::engine
