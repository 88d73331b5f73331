#pragma once

#include <string>

namespace matinee::host {

// Now, in UTC: "2026-03-01T04:05:06.789Z".
std::string utc_time();
// The same time in seconds since 1970; 0 where `text` is no such time.
double seconds_of_utc_time(const std::string& text);
// Now, in seconds since 1970.
double seconds_now();
// Now, in UTC, for names of folders that sort by time: "20260301T040506Z".
std::string utc_stamp();

}  // namespace matinee::host
