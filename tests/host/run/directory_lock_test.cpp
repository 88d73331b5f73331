#include "host/run/directory_lock.h"

#include <optional>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/temporary_folder.h"

namespace matinee::host {
namespace {

TEST(DirectoryLock, IsHeldOnceAndNamesItsHolder) {
  const test::TemporaryFolder folder;
  std::optional<DirectoryLock> first(folder.path());
  try {
    const DirectoryLock second(folder.path());
    ADD_FAILURE() << "locked twice";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kLocked);
    EXPECT_THAT(error.what(), testing::HasSubstr("process " + std::to_string(::getpid())));
  }
  first.reset();
  const DirectoryLock third(folder.path());
}

}  // namespace
}  // namespace matinee::host
