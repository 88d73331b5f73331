// Full disks, read-only folders, closed streams, locks: exit 8 or 9, the reason, and no part of a run is left.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <sched.h>

#include "tests/support/command_line.h"
#include "tests/support/paths.h"

namespace matinee::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr int kArtifact = 8, kLocked = 9;
constexpr int kNoMount = 90;

// In a child: mounts that only it and its children see. Where this is not allowed the child ends with kNoMount.
void enter_mount_namespace() {
  const int flags = ::geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS;
  if (::unshare(flags) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) ::_exit(kNoMount);
}

using FileSystem = PublishedBefore;

TEST_F(FileSystem, AnOutputDirectoryThatIsAFileOrBelowOneIsToldWithTheRemedy) {
  expect_refused({"train", "job.json", "--output", "job.json"}, kArtifact,
                 {at("job.json").string(), "cannot be created", "--output"});
  expect_refused({"train", "job.json", "--output", "job.json/runs"}, kArtifact,
                 {"job.json/runs", "Not a directory", "--output"});
}

TEST_F(FileSystem, AReadOnlyOutputDirectoryIsToldWithTheRemedy) {
  const std::string runs = at("runs").string();
  ProgramSettings settings;
  if (::geteuid() == 0) {  // whom permissions do not hold
    settings.in_child = [&runs] {
      enter_mount_namespace();
      const char* folder = runs.c_str();
      if (::mount(folder, folder, nullptr, MS_BIND, nullptr) != 0 ||
          ::mount("none", folder, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) {
        ::_exit(kNoMount);
      }
    };
    if (matinee({"schema"}, settings).exit_code == kNoMount) GTEST_SKIP() << "root without the right to mount";
  } else {
    fs::permissions(runs, fs::perms::owner_read | fs::perms::owner_exec);
    fs::permissions(runs + "/.lock", fs::perms::owner_read);
  }
  const ProgramEnd end = matinee({"train", "job.json", "--set", "seed=9"}, settings);
  fs::permissions(runs, fs::perms::owner_all);
  EXPECT_EQ(end.exit_code, kArtifact) << end.err;
  EXPECT_THAT(end.err, AllOf(HasSubstr(runs), HasSubstr("Choose a writable folder with --output")));
  expect_untouched();
}

TEST_F(FileSystem, AFileBeyondTheLimitEndsTheRunAndLeavesNothing) {
  ProgramSettings settings;
  settings.in_child = [] {
    const rlimit limit = {300'000, 300'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  };
  // In the first checkpoint, and in the model where there is none.
  for (const char* seconds : {"limits.checkpoint_seconds=0", "limits.checkpoint_seconds=3600"}) {
    expect_refused({"train", "job.json", "--set", "models.mf.factors=4096", "--set", seconds}, kArtifact,
                   {"cannot be written: File too large", "ulimit -f"}, settings);
  }
}

TEST_F(FileSystem, AFullDiskEndsTheRunAndWhatWasPublishedStays) {
  fs::create_directory(at("disk"));
  const std::string disk = at("disk").string(), program = test::program().string();
  ProgramSettings settings;
  settings.folder = folder_.path();
  settings.in_child = [&disk] {
    enter_mount_namespace();
    if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=700k") != 0) ::_exit(kNoMount);
  };
  for (const std::string seconds : {"0", "3600"}) {
    const std::string script = program +
                               " train job.json --output disk > table && before=$(readlink disk/current) && " +
                               program + " train job.json --output disk --set models.mf.factors=4096" +
                               " --set limits.checkpoint_seconds=" + seconds + "; echo exit $?; " + program +
                               " verify disk; [ $(readlink disk/current) = $before ] && echo the same;"
                               " ls -A disk | grep -v -e current -e lock -e published -e stages -e $before;"
                               " find disk -name 'checkpoint*' -o -name '*.new'; echo end";
    const ProgramEnd end = run_program({"/bin/sh", "-c", script}, settings);
    if (end.exit_code == kNoMount) GTEST_SKIP() << "no right to mount; the limit on the size of files is tested";
    EXPECT_THAT(end.out, AllOf(testing::StartsWith("exit 8\n"), HasSubstr("all as in the manifest"),
                               testing::EndsWith("\nthe same\nend\n")));
    EXPECT_THAT(end.err, AllOf(HasSubstr("cannot be written: No space left on device"), HasSubstr("Free some space"),
                               HasSubstr("output.directory")));
  }
}

TEST_F(FileSystem, AHeldLockNamesItsHolderAndTheRemedy) {
  const int lock = ::open(at("runs/.lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  const std::vector<std::vector<std::string>> commands = {
      {"train", "job.json"}, {"publish", "runs/" + current()}, {"rollback", "runs"}};
  for (const auto& command : commands) {
    expect_refused(command, kLocked, {"another run holds the lock (process ", "Wait for it to end"});
  }
  EXPECT_THAT(done({"recommend", "runs", "--user", "1"}), HasSubstr("user 1")) << "reading needs no lock";
  ::close(lock);
  done({"train", "job.json"});
}

TEST_F(FileSystem, ResultsThatCannotBeWrittenAreAnError) {
  ProgramSettings full, closed;
  full.in_child = [] { ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO); };
  closed.in_child = [] { ::close(STDOUT_FILENO); };
  const std::vector<std::vector<std::string>> commands = {
      {"recommend", "runs", "--user", "1"},    {"verify", "runs"}, {"schema"}, {"--help"}, {"plan", "job.json"},
      {"evaluate", "runs", "--format", "json"}};
  for (const auto& command : commands) {
    expect_refused(command, kArtifact, {"stdout cannot be written: No space left on device"}, full);
    expect_refused(command, kArtifact, {"stdout cannot be written: "}, closed);
  }
}

TEST_F(FileSystem, TheTextOfClosedStreamsGoesIntoNoFile) {
  const std::vector<std::string> train = {"train", "job.json", "--set", "models.mf.epochs=50", "--output", "other"};
  ProgramSettings settings;
  settings.in_child = [] {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::close(stream);
  };
  EXPECT_EQ(matinee(train, settings).exit_code, kArtifact) << "the table of metrics could not be shown";
  EXPECT_THAT(done({"verify", "other"}), HasSubstr("all as in the manifest")) << "but the run is whole";
  const auto silent = deterministic_files("other/current");
  fs::remove_all(at("other"));
  done(train);
  EXPECT_THAT(differences(deterministic_files("other/current"), silent), testing::IsEmpty());
}

}  // namespace
}  // namespace matinee::test
