#pragma once

#include <string>

namespace matinee::host {

// A text and what a model of type seq2seq says where it is to say it again.
struct DecodedLine {
  std::string text, greedy, beam;
  bool held_out = false;  // not learnt from
};

}  // namespace matinee::host
