#include "engine/text/token_coder.h"

namespace matinee::engine {

void TokenCoder::encode(std::string_view word, std::vector<int32_t>& tokens) const {
  if (!splits_words_) {
    tokens.push_back(words_.find(word).value_or(Vocabulary::kUnknown));
    return;
  }
  const std::size_t begin = tokens.size();
  std::string text(1, ' ');
  text += word;
  subwords_.encode(text, tokens);
  for (std::size_t n = begin; n < tokens.size(); ++n) tokens[n] += Vocabulary::kSpecials;
}

std::string TokenCoder::decode(std::span<const int32_t> tokens) const {
  std::string text;
  for (const int32_t token : tokens) {
    if (token == Vocabulary::kEnd) continue;
    if (splits_words_ && token >= Vocabulary::kSpecials) {
      text += subwords_.text(token - Vocabulary::kSpecials);
    } else {
      text += ' ';
      text += words_.word(token);
    }
  }
  if (!text.empty() && text.front() == ' ') text.erase(0, 1);
  return text;
}

void TokenCoder::save(TensorWriter& file) const {
  if (splits_words_) {
    subwords_.save(file);
  } else {
    words_.save(file);
  }
}

TokenCoder TokenCoder::load(const TensorFile& file, bool splits_words) {
  return splits_words ? TokenCoder(Subwords::load(file)) : TokenCoder(Vocabulary::load(file));
}

}  // namespace matinee::engine
