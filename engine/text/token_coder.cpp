#include "engine/text/token_coder.h"

namespace matinee::engine {

const std::string& TokenCoder::token(int32_t id) const {
  return splits_words_ && id >= Vocabulary::kSpecials ? subwords_.text(id - Vocabulary::kSpecials) : words_.word(id);
}

std::optional<int32_t> TokenCoder::find(std::string_view token) const {
  const auto word = words_.find(token);
  if (word || !splits_words_) return word;
  const auto piece = subwords_.find(token);
  return piece ? std::optional(*piece + Vocabulary::kSpecials) : std::nullopt;
}

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
    if (!splits_words_ || token < Vocabulary::kSpecials) text += ' ';
    text += this->token(token);
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
