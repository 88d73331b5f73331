#include <algorithm>
#include <array>

#include "engine/models/seq2seq_training.h"

namespace matinee::engine {

double Seq2SeqOptions::rate_of_epoch(int64_t epoch) const {
  if (schedule == Schedule::kConstant) return learning_rate;
  return learning_rate * (1 - static_cast<double>(epoch) / static_cast<double>(epochs));
}

double Seq2SeqOptions::forcing_of_epoch(int64_t epoch) const {
  const double done = static_cast<double>(epoch) / static_cast<double>(std::max<int64_t>(1, epochs - 1));
  return forcing_start + (forcing_end - forcing_start) * done;
}

void Seq2SeqOptions::describe(Parameters& p) {
  constexpr std::array<std::string_view, 2> kSchedules = {"constant", "linear"};
  p.integer("epochs", epochs, {.minimum = 1, .maximum = 100000}, "epochs", "Passes over the texts.");
  p.integer("batch", batch, {.minimum = 1, .maximum = 65536}, "texts",
            "How many texts a step of training looks at, of like length.");
  p.real("learning_rate", learning_rate, {.minimum = 0, .maximum = 1e6, .above_minimum = true}, "",
         "Of Adam. Lower it where training diverges.");
  p.choice("learning_rate_schedule", schedule, kSchedules,
           "constant: the same in all epochs. linear: to 0 after the last epoch in equal steps.");
  p.real("dropout", dropout, {.minimum = 0, .maximum = 0.95}, "share of the outputs",
         "Dropped between layers in training.");
  p.real("clip_norm", clip_norm, {.minimum = 0, .maximum = 1e6}, "",
         "A gradient of larger Euclidean norm is scaled down to it; 0: never.");
  p.group(
      "teacher_forcing",
      "Share of the decoder's inputs that are the text's own tokens; the others are what it would have said itself, "
      "which takes a second pass where the share is below 1. Changes over the epochs in equal steps.",
      [this](Parameters& group) {
        group.real("start", forcing_start, {.minimum = 0, .maximum = 1}, "share of the inputs", "In the first epoch.");
        group.real("end", forcing_end, {.minimum = 0, .maximum = 1}, "share of the inputs", "In the last epoch.");
      });
  p.integer("most_tokens", most_tokens, {.minimum = 1, .maximum = 100000}, "tokens",
            "Longer texts are cut into pieces of about equal length, each learnt as a text of its own; the vector of "
            "such a text is the mean of its pieces. Memory grows with it.");
  p.real("validation_share", validation_share, {.minimum = 0, .maximum = 0.5}, "share of the texts",
         "Held out, whole directors at a time, to see how well unseen texts are reproduced.");
  p.integer("patience", patience, {.minimum = 0, .maximum = 100000}, "epochs",
            "With a validation_share: training ends after so many epochs without a lower loss on what is held out, and "
            "the network of the best epoch remains; 0: all epochs, and the network of the last one.");
  p.integer("measured_texts", measured_texts, {.minimum = 0, .maximum = 2'000'000'000}, "texts",
            "After each epoch accuracy is measured on so many drawn texts of those learnt from and of those held out; "
            "0: on all of them.");
}

}  // namespace matinee::engine
