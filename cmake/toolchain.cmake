# How every target is compiled.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${CCACHE})
endif()

# Warnings stop the build with the compiler of continuous integration; others may know warnings that it does not.
set(werror OFF)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^12\\.")
  set(werror ON)
endif()
option(MATINEE_WARNINGS_AS_ERRORS "Warnings stop the build" ${werror})

add_library(matinee_options INTERFACE)
# -ffp-contract=off: a sum is the same bits with and without FMA units, on the CPU and on CUDA.
target_compile_options(matinee_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion;-Wno-sign-conversion;$<$<BOOL:${MATINEE_WARNINGS_AS_ERRORS}>:-Werror>;-ffp-contract=off>)
target_compile_definitions(matinee_options INTERFACE SPDLOG_FMT_EXTERNAL)
if(MATINEE_SANITIZE)
  target_compile_options(matinee_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${MATINEE_SANITIZE};-fno-omit-frame-pointer;-fno-sanitize-recover=all>)
  # These find little that the address sanitizer misses, and a third of the compile time is theirs.
  target_compile_options(matinee_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize=null$<COMMA>vptr$<COMMA>object-size>)
  target_link_options(matinee_options INTERFACE -fsanitize=${MATINEE_SANITIZE})
  # Function multiversioning resolves before the sanitizer's runtime is up.
  target_compile_definitions(matinee_options INTERFACE MATINEE_NO_MULTIVERSION)
endif()
