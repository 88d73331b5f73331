#pragma once

namespace matinee::engine {

// What was built, from what: for manifests and `doctor`.
extern const char* const kVersion;
extern const char* const kCommit;
extern const char* const kBuildType;
extern const char* const kCompiler;
extern const char* const kEigenVersion;  // of the headers that were compiled in

}  // namespace matinee::engine
