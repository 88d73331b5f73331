#pragma once

#include <exception>

namespace matinee::host {

// The exit code of a program that ends with this exception: that of an Error, 128 + its number after a signal.
int exit_code_of(const std::exception_ptr& failure);

}  // namespace matinee::host
