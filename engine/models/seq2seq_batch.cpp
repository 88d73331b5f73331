#include "engine/models/seq2seq_batch.h"

#include "engine/text/vocabulary.h"

namespace matinee::engine {
namespace {

// values[row of step t of text b] = value(b, t)
template <typename Value>
void fill_rows(const seq2seq::PackedBatch& batch, std::vector<int32_t>& values, const Value& value) {
  values.clear();
  for (int64_t step = 0; step < batch.steps(); ++step) {
    const int32_t active = batch.active()[static_cast<std::size_t>(step)];
    for (int32_t text = 0; text < active; ++text) {
      values.push_back(value(static_cast<std::size_t>(text), static_cast<std::size_t>(step)));
    }
  }
}

}  // namespace

Seq2SeqBatch::Seq2SeqBatch(Context& context, const Seq2SeqRoom& room, int64_t vocabulary)
    : source_(context, room.texts, room.tokens),
      target_(context, room.texts, room.target_steps()),
      source_tokens_(context, room.texts * room.tokens, vocabulary),
      input_tokens_(context, room.texts * room.target_steps(), vocabulary),
      targets_(context, room.texts * room.target_steps()) {
  source_lengths_.reserve(static_cast<std::size_t>(room.texts));
  target_lengths_.reserve(static_cast<std::size_t>(room.texts));
  const auto rows = static_cast<std::size_t>(room.texts * room.target_steps());
  for (std::vector<int32_t>* values : {&host_source_, &host_inputs_, &host_targets_}) values->reserve(rows);
}

void Seq2SeqBatch::assign(Context& context, std::span<const std::span<const int32_t>> texts) {
  source_lengths_.clear();
  target_lengths_.clear();
  for (const auto& text : texts) {
    source_lengths_.push_back(static_cast<int32_t>(text.size()));
    target_lengths_.push_back(static_cast<int32_t>(text.size()) + 1);
  }
  source_.assign(context, source_lengths_);
  target_.assign(context, target_lengths_);
  fill_rows(source_, host_source_, [&](std::size_t text, std::size_t step) { return texts[text][step]; });
  fill_rows(target_, host_inputs_,
            [&](std::size_t text, std::size_t step) { return step == 0 ? Vocabulary::kBegin : texts[text][step - 1]; });
  fill_rows(target_, host_targets_, [&](std::size_t text, std::size_t step) {
    return step == texts[text].size() ? Vocabulary::kEnd : texts[text][step];
  });
  source_tokens_.assign(context, host_source_);
  input_tokens_.assign(context, host_inputs_);
  targets_.assign(context, host_targets_);
}

void Seq2SeqBatch::replace_inputs(Context& context, std::span<const int32_t> replaced) {
  for (std::size_t row = 0; row < replaced.size(); ++row) {
    if (replaced[row] >= 0) host_inputs_[row] = replaced[row];
  }
  input_tokens_.assign(context, host_inputs_);
}

}  // namespace matinee::engine
