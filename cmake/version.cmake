# engine version and the commit it was built from, for manifests and `doctor`
execute_process(COMMAND git describe --always --dirty --abbrev=12 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                OUTPUT_VARIABLE MATINEE_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT MATINEE_COMMIT)
  set(MATINEE_COMMIT "unknown")
endif()
# Configured again after every commit: else the program would name an older one.
execute_process(COMMAND git rev-parse --path-format=absolute --git-path logs/HEAD WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                OUTPUT_VARIABLE MATINEE_HEAD_LOG OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(EXISTS "${MATINEE_HEAD_LOG}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${MATINEE_HEAD_LOG})
endif()
set(MATINEE_VERSION_SOURCE ${CMAKE_BINARY_DIR}/version.cpp)
configure_file(cmake/version.cpp.in ${MATINEE_VERSION_SOURCE} @ONLY)
